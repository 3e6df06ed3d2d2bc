# Parallel 49: one command from articles to a report.
# PYTHON names the interpreter that makes the virtual environment (3.11 or later).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.setup-stamp
TEST_STAMP := $(VENV)/.test-stamp

.PHONY: help setup develop report test lint lab plots lock clean
.DEFAULT_GOAL := help

help:  ## List the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## Make .venv and install the pinned, hashed requirements

$(STAMP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) (one to three minutes, once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $(STAMP)

develop: $(TEST_STAMP)  ## The same, and what tests and lint need

$(TEST_STAMP): $(STAMP) requirements-test.txt
	@echo "Adding what tests and lint need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.txt
	@touch $(TEST_STAMP)

report: $(STAMP)  ## Run the pipeline on every corpus of params.yaml; print reports, time and findings
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pipeline run

test: $(TEST_STAMP)  ## Run the whole test suite
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(TEST_STAMP)  ## Check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lab: $(STAMP)  ## Open JupyterLab on notebooks/
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab --notebook-dir=notebooks

plots: $(STAMP)  ## Draw dvc plots of two revisions, readable offline: make plots REVISIONS="main my-experiment"
	@$(BIN)/python -c 'import vl_convert; print("<!DOCTYPE html><meta charset=utf-8><script>" + vl_convert.javascript_bundle() + "</script>{plot_divs}")' > .dvc/tmp/plots.html
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/dvc plots diff $(REVISIONS) --html-template .dvc/tmp/plots.html

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

lock:  ## Renew the requirements from pyproject.toml (needs uv)
	$(LOCK) -o requirements.txt
	$(LOCK) --extra test --constraint requirements.txt -o requirements-test.txt

clean:  ## Remove what the pipeline made (the vector cache stays)
	rm -rf data reports
