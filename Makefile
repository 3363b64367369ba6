# make quickstart: set up .venv, train a network on handwritten digits, show the results.
# make test:       set up .venv with the development tools, and run the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export OMP_NUM_THREADS ?= 1

.PHONY: quickstart test lint types clean

quickstart: $(VENV)/.installed
	env -u OMP_NUM_THREADS $(BIN)/python examples/quickstart.py

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n 2 tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python tools/size.py

types: $(VENV)/.installed-dev
	$(BIN)/mypy
	$(BIN)/python tools/typed_share.py --min 95

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install -q -c constraints.txt -e ".[plot]"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) quickstart_output
