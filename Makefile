# Parvis: `make help` lists what there is. Needs python3 (3.11 to 3.13), pip, venv and make, nothing else.
PYTHON = python3
HOST = 127.0.0.1
PORT = 8000
PYTEST_ARGS =
JOBS = 3
LOCK_ARGS =
BENCH_ARGS =

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(wildcard plugins/*/)
MANIFESTS := setup.cfg pyproject.toml $(wildcard plugins/*/setup.cfg plugins/*/pyproject.toml)
CATALOGUES := $(wildcard core/parvis/translations/*/LC_MESSAGES/*.po plugins/*/*/translations/*/LC_MESSAGES/*.po)
SOURCES := core tools tests $(wildcard plugins bench)
FAULTS := tests/faults tests/web/test_database_down.py tests/core/test_media.py tests/core/test_jobs.py \
  tests/directory/test_signin.py tests/search/test_index.py tests/search/test_killed.py \
  tests/search/test_truncated.py tests/matrix/test_isolation.py
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: all setup demo demo-reset test proofs faults lint format wheels lock bench bench-small clean help
.DEFAULT_GOAL := all

all: setup
	@echo "Ready. Next: make demo, make test, or make help."

setup: $(VENV)/.installed $(CATALOGUES:.po=.mo)  ## set up .venv from the lock (what `make` alone does)

$(VENV)/.dependencies: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parvis needs Python 3.11 to 3.13, and $(PYTHON) is %d.%d. Remedy: make PYTHON=python3.12" % sys.version_info[:2])'
	@test -x $(BIN)/python || { echo "Creating $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the dependencies into $(VENV) (a minute or two, once) ..."
	@$(PYTHON) tools/install.py $(BIN)/python requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.dependencies $(MANIFESTS)
	@echo "Installing Parvis$(if $(PLUGINS), and its plugins) ..."
	@$(PIP) install --no-deps --no-build-isolation --editable . $(PLUGINS:%=--editable %)
	@touch $@

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

demo: setup  ## start the demo on http://127.0.0.1:8000 (HOST=, PORT=); Ctrl-C stops it
	@exec $(BIN)/python -m parvis.testing.demo --host $(HOST) --port $(PORT)

demo-reset:  ## forget the demo's state: the next start is a first one
	@rm -rf .demo
	@echo "The demo's state is gone. make demo starts afresh."

test: setup  ## run the tests (PYTEST_ARGS="-k name"); installs what they need where it may
	@tools/system_packages.sh
	@tools/scratch.sh $(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS)

.s3-venv/.installed:  # an S3 service for the proofs, apart: it brings much that Parvis does not need
	@echo "Installing an S3 service for the proofs into .s3-venv (a minute, once) ..."
	@$(PYTHON) -m venv .s3-venv
	@.s3-venv/bin/pip --disable-pip-version-check --quiet install 'moto[s3]==5.2.5' flask flask-cors && touch $@ \
	  || echo "It could not be installed; the proofs that need it say so."

proofs: setup .s3-venv/.installed  ## run the long proofs by trial, fuzz, kill and scale, which `make test` leaves out
	@tools/system_packages.sh
	@tools/scratch.sh $(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder -m proof $(PYTEST_ARGS)

faults: setup .s3-venv/.installed  ## try the faults that a site must survive, a hundred kills among them
	@tools/system_packages.sh
	@PARVIS_KILLS=100 tools/scratch.sh $(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile \
	  -m "proof or not proof" $(FAULTS) $(PYTEST_ARGS)

lint: setup  ## check format, style, types and import contracts
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --config setup.cfg

format: setup  ## format the code and sort the imports
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

wheels: setup  ## fill wheels/ with all that an installation without a network needs
	@$(BIN)/python tools/wheels.py

lock:  ## write requirements.lock anew (LOCK_ARGS=--upgrade, or --upgrade-package NAME)
	@test -x .lock-venv/bin/uv || { $(PYTHON) -m venv .lock-venv && .lock-venv/bin/pip install --quiet uv; }
	@.lock-venv/bin/python tools/lock.py $(LOCK_ARGS)
	@git --no-pager diff --stat requirements.lock

bench: setup  ## measure the speed goals (BENCH_ARGS=)
	@$(BIN)/python -m bench $(BENCH_ARGS)

bench-small: setup  ## guard what pages cost: queries, calls, bytes (BENCH_ARGS=--write: as of now)
	@$(BIN)/python -m bench.guard $(BENCH_ARGS)

clean:  ## remove all that make made, the demo's state too
	@rm -rf $(VENV) .lock-venv .s3-venv .demo wheels build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache test-results
	@rm -rf core/*.egg-info plugins/*/*.egg-info plugins/*/build
	@find core tools tests $(wildcard plugins bench) -name __pycache__ -prune -exec rm -rf {} +
	@rm -f $(CATALOGUES:.po=.mo)

help:  ## say this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile
