# Two commands do everything on a fresh machine: `make start` and `make test`.
# A stamp in the environment remembers what was installed, so the second time is quick.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: start test lint bench docs docs-pictures words model-page model-measure clean

start: $(VENV)/.installed
	$(BIN)/casebook lab

test: $(VENV)/.installed-dev
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/run-tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .

bench: $(VENV)/.installed-bench
	scripts/ensure-browser
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

# The pictures of the room in docs/_static/room, played anew in JupyterLab, light and dark.
docs-pictures: $(VENV)/.installed-dev
	scripts/ensure-browser
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python scripts/docs-pictures

# The catalogues of the interface's languages, carried on to the texts as they are now.
words: $(VENV)/.installed-dev
	$(BIN)/python scripts/words

# docs/model.md is made of data and docstrings; a test holds the committed page to them.
model-page: $(VENV)/.installed
	$(BIN)/python scripts/model-page

# The same, after measuring the simulated figures again: whenever the model's numbers change.
model-measure: $(VENV)/.installed
	$(BIN)/python scripts/model-page --measure

clean:
	rm -rf $(VENV) build dist docs/_build benchmarks/results .pytest_cache .ruff_cache

$(VENV)/.python:
	scripts/make-venv "$(PYTHON)" "$(VENV)"
	touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[dev,bench]'
	touch $@

$(VENV)/.installed-docs: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[docs]'
	touch $@
