# Two commands do everything on a fresh machine: `make start` and `make test`.
# A stamp in the environment remembers what was installed, so the second time is quick.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Without nbgrader, whose extensions need a server.
LITE ?= .venv-lite

.PHONY: start test lint bench docs docs-pictures words model-page model-measure lite lite-test lock clean

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

# The lessons as a site whose Python runs in the reader's browser. DISTRIBUTION is an unpacked
# distribution of pyodide: then the site asks no other host. docs/ways-in.md explains it.
lite: $(LITE)/.installed
	$(LITE)/bin/python -m lite.build $(if $(DISTRIBUTION),--self-contained --distribution "$(DISTRIBUTION)")

# That site in a real browser; without a distribution its kernel and widgets, with one a case too.
lite-test: $(LITE)/.installed $(VENV)/.installed-dev
	scripts/ensure-browser
	CASEBOOK_LITE_PYTHON="$(LITE)/bin/python" CASEBOOK_PYODIDE="$(DISTRIBUTION)" \
	    $(BIN)/python -m pytest -q lite/trial

# Exact versions with hashes, for Binder and hubs, after a change of constraints or dependencies.
lock: $(VENV)/.installed-lock
	scripts/lock $(BIN)/uv

clean:
	rm -rf $(VENV) $(LITE) build dist docs/_build benchmarks/results .pytest_cache .ruff_cache

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

$(VENV)/.installed-lock: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[lock]'
	touch $@

$(LITE)/.installed: pyproject.toml constraints.txt
	scripts/make-venv "$(PYTHON)" "$(LITE)"
	$(LITE)/bin/python -m pip install -q -c constraints.txt -e '.[lite]'
	touch $@
