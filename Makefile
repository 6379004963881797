# Two commands are enough: `make demo` shows the main job, `make test` proves it. Each sets itself up.
SHELL := /bin/bash
PYTHON ?= python3.11
ifeq (,$(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed
ASSETS := src/sharewell/web/static/sharewell/application.css
DEMO_DIR ?= demo-place

.PHONY: help install demo test lint types contracts check browser lock bench clean

help:  ## List what can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(BIN)/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet "uv==$(UV_VERSION)"

$(INSTALLED): pyproject.toml requirements.lock | $(BIN)/uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --requirement requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m compileall -q src  # where nothing may be written later, each start would compile it again
	touch $(INSTALLED)

$(ASSETS): package.json package-lock.json tools/build_assets.py $(wildcard src/sharewell/web/scss/*.scss) | $(INSTALLED)
	$(BIN)/python tools/build_assets.py

install: $(INSTALLED) $(ASSETS)  ## Everything into .venv, nothing global.

demo: install  ## A made-up town of 25,000: messy lists become two lawful releases.
	$(BIN)/sharewell demo --dir $(DEMO_DIR)

test: install  ## The test suite (under five minutes on two cores).
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

check: lint types contracts test  ## Lint, types, import contracts, then the tests.

lock: | $(BIN)/uv  ## Write the lock again after changing pyproject.toml.
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --extra dev \
	  --python-version 3.11 --output-file requirements.lock pyproject.toml

bench: install  ## The figures in docs/figures.md.
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv demo-place build dist
