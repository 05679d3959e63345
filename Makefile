# Written for the make of macOS (3.81) and any POSIX shell.

VENV ?= .venv
PYTHON ?=
LAB_ARGS ?=
LAB_DIR ?= notebooks

PY = $(VENV)/bin/python
STAMP = $(VENV)/.set-up
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
START := $(patsubst notebooks/%,%,$(wildcard notebooks/exercises/00_start_here.ipynb))

# Take kernels from this environment, whatever the user has installed elsewhere.
export JUPYTER_PREFER_ENV_PATH = 1
unexport JUPYTER_PATH PYTHONPATH PYTHONHOME

# Every test run is the same: smallest run level, drawn scenes, random weights.
CI_RUN = COURSE_RUN=ci COURSE_DATA=scenes COURSE_WEIGHTS=none
# Several processes of one thread each are faster than one process of several.
AT_ONCE = OMP_NUM_THREADS=1 "$(PY)" -m pytest -n auto --maxprocesses 4 --dist worksteal
NBVAL = --nbval-lax --nbval-kernel-name python3 --nbval-cell-timeout 300

# Keep outputs, counts and cell ids; drop widget state and what editors add.
NBSTRIPOUT = -m nbstripout --keep-output --keep-count --keep-id --extra-keys " \
	metadata.language_info.version metadata.vscode \
	metadata.colab.provenance metadata.colab.authorship_tag \
	cell.metadata.colab cell.metadata.id cell.metadata.outputId cell.metadata.vscode"

.PHONY: help lab data book test unit notebooks lint format test-browser test-book rehearse-colab release set-up
.NOTPARALLEL:

help: ## Explain the targets (this text)
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1|/p' Makefile \
	  | while IFS='|' read -r name what; do printf '  make %-15s %s\n' "$$name" "$$what"; done
	@echo
	@echo '  VENV=folder        folder of the environment (now: $(VENV))'
	@echo '  PYTHON=python3.x   Python of a new environment (3.10 or later)'
	@echo '  LAB_ARGS=...       more arguments for JupyterLab, such as --no-browser'
	@echo '  TAG=v1.0           make release: name of the edition (docs/publishing.md)'

# A copy that was only opened and saved stays as it was, so that git can replace it.
SAVING = --ContentsManager.pre_save_hook=course_utils.classroom.saving.leave_out_version

# set -m makes JupyterLab a job of its own: Ctrl-C reaches it, which asks before it ends,
# and not make, which would call that a failure.

lab: set-up ## Open the exercises in JupyterLab (installs the course the first time)
	@[ ! -t 0 ] || set -m 2>/dev/null; \
	PATH="$$(cd "$(VENV)/bin" && pwd):$$PATH" \
	  "$(PY)" -m jupyterlab --notebook-dir="$(LAB_DIR)" $(SAVING) \
	    --LabApp.default_url=/lab$(if $(START),/tree/$(START)) $(LAB_ARGS) \
	  || [ $$? -eq 130 ]

data: set-up ## Download photographs: VOC 2012 (2 GB), of which 900 pairs (100 MB) are kept
	"$(PY)" -m course_utils download voc

# What Sphinx needs is installed by the first book. Warnings are errors.
BOOK_NEEDS = import myst_nb, sphinx_book_theme, sphinxext.opengraph

book: set-up ## Make web pages of notebooks and docs: build/book/html/index.html
	@"$(PY)" -c '$(BOOK_NEEDS)' 2>/dev/null \
	  || "$(PY)" -m pip install --disable-pip-version-check --editable '.[book]'
	rm -rf build/book
	"$(PY)" -m book.pages build/book/pages
	"$(PY)" -m sphinx -q -W --keep-going -c book -d build/book/doctrees \
	  build/book/pages build/book/html

test: lint unit notebooks ## Check everything: lint, unit tests, notebooks

unit: set-up ## Run the unit tests alone
	$(CI_RUN) $(AT_ONCE)

notebooks: set-up ## Run the taught notebooks and compare their marked outputs
ifeq ($(NOTEBOOKS),)
	@echo 'notebooks/ holds no notebook yet: none was run'
else
	$(CI_RUN) $(AT_ONCE) --dist loadfile $(NBVAL) $(NOTEBOOKS)
endif

lint: set-up ## Check style and notebook metadata, changing nothing
	"$(PY)" -m ruff check .
	"$(PY)" -m ruff format --check .
	@[ -z "$(NOTEBOOKS)" ] || "$(PY)" $(NBSTRIPOUT) --verify $(NOTEBOOKS) \
	  || { echo 'run "make format" to normalize these notebooks'; exit 1; }

format: set-up ## Format code and notebooks as lint expects them
	"$(PY)" -m ruff check --fix-only .
	"$(PY)" -m ruff format .
	@[ -z "$(NOTEBOOKS)" ] || "$(PY)" $(NBSTRIPOUT) $(NOTEBOOKS)

test-browser: set-up ## Run notebook 01 in JupyterLab in a real browser, with clicks
	$(CI_RUN) COURSE_BROWSER=1 "$(PY)" -m pytest tests/browser/test_lab.py -rs

test-book: book ## Look at the book in a real browser, as wide as a phone and a laptop
	COURSE_BOOK=build/book/html $(AT_ONCE) tests/browser/test_book.py -rs

rehearse-colab: set-up ## Run notebook 01 as Colab would, and disconnect halfway
	COURSE_COLAB=1 "$(PY)" -m pytest tests/colab -rs

release: set-up ## Write the learner's copies, notebooks/exercises/, from the taught notebooks
	"$(PY)" -m course_utils stamp $(if $(TAG),--tag "$(TAG)")
	"$(PY)" -m course_utils release

# JupyterLab's first screen is the notebook, not a question about news.
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

# The stamp holds what was installed (this folder, this pyproject.toml), so a second
# run reinstalls nothing and needs no network. It is written last, and the lock on
# descriptor 9 lasts as long as this shell: an interrupted run leaves neither.
# pydensecrf needs a C++ compiler; where it can't be built, the course does without it.
INSTALL_INPUTS = { pwd; cat pyproject.toml; }
INSTALLED = { [ -x "$(PY)" ] && $(INSTALL_INPUTS) | cmp -s - "$(STAMP)"; }
CANDIDATES = $(if $(PYTHON),"$(PYTHON)",python3 python python3.13 python3.12 python3.11 python3.10)

set-up: ## Create the environment and install the course (the other targets do so, too)
	@set -eu; if $(INSTALLED); then exit 0; fi; \
	echo 'Setting up $(VENV): takes minutes and several GB, but only the first time'; \
	python=; \
	for name in $(CANDIDATES); do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; \
	  then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'This course needs Python 3.10 or later; looked for:' $(CANDIDATES) >&2; \
	  echo 'Install one, or name yours: make lab PYTHON=/path/to/python3.12' >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python lacks the venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi; \
	mkdir -p "$(VENV)"; exec 9>"$(VENV)/.lock"; \
	"$$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' 2>/dev/null || :; \
	if $(INSTALLED); then exit 0; fi; \
	rm -f "$(STAMP)"; \
	if ! "$(PY)" -c '' 2>/dev/null; then \
	  "$$python" -m venv $$([ ! -f "$(VENV)/pyvenv.cfg" ] || echo --clear) "$(VENV)"; \
	  echo '*' >"$(VENV)/.gitignore"; \
	fi; \
	"$(PY)" -m pip --version >/dev/null 2>&1 || "$(PY)" -m ensurepip; \
	mkdir -p "$(VENV)/share/jupyter/lab/settings"; \
	echo '$(NO_NEWS)' >"$(VENV)/share/jupyter/lab/settings/overrides.json"; \
	PIP_USER=0 "$(PY)" -m pip install --disable-pip-version-check --editable '.[test]'; \
	"$(PY)" -m course_utils.environment.install_pydensecrf || :; \
	$(INSTALL_INPUTS) >"$(STAMP).new"; mv "$(STAMP).new" "$(STAMP)"
