import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course_utils.plots.alt_text import figure_of, show_with_alt


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_the_words_travel_with_the_picture(shell):
    shell.display_formatter.formatters["image/png"].for_type(
        plt.Figure, lambda figure: b"\x89PNG"
    )
    axes = plt.subplots(1, 2)[1]
    with capture_output() as captured:
        show_with_alt(axes, "Two empty plots.")
    (output,) = captured.outputs
    assert output.metadata["image/png"]["alt"] == "Two empty plots."
    assert not plt.get_fignums()


def test_an_empty_text_is_refused():
    ax = plt.subplots()[1]
    with pytest.raises(ValueError, match="alt must say"):
        show_with_alt(ax, " ")


def test_the_figure_of_one_or_several_axes():
    figure, axes = plt.subplots(2, 3)
    for some in (axes[1, 2], axes, axes[0], list(axes[1]), tuple(axes[0])):
        assert figure_of(some) is figure
    plt.close(figure)
