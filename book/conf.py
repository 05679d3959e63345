"""Settings of Sphinx for the book (``make book``)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from book.pages import PUBLISHED
from course_utils import REPOSITORY, TAG
from course_utils.environment.colab_links import book_address

project = "Semantic segmentation, from FCN to DilatedNet"
author = "the authors of the course"
copyright = "text and figures CC BY 4.0, code MIT"
version = release = TAG
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
    "sphinxext.opengraph",
    "book.sphinx_extension",
]
exclude_patterns = ["notebooks/exercises/*"]

# Notebooks are shown as they were run
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["attrs_block", "deflist", "dollarmath", "amsmath"]
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["static", "../docs/pictures/scenes.png"]
html_css_files = ["book.css"]
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_theme_options = {
    "repository_url": REPOSITORY if PUBLISHED else "",
    "use_repository_button": PUBLISHED,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # the search stands in the margin
    "show_toc_level": 2,
    "collapse_navbar": True,
}

# What a link to a page shows where it is shared
ogp_site_name = project
ogp_site_url = ""
ogp_enable_meta_description = True
ogp_social_cards = {"enable": False}
if PUBLISHED:
    html_baseurl = ogp_site_url = book_address(REPOSITORY)
    ogp_image = "_static/scenes.png"
    ogp_image_alt = "Six drawn scenes, and below them the same with every class colored"
