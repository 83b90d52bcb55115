# make help says what there is. Everything runs in .venv, which is made when it is first needed.
# On Windows use the PowerShell lines in README.md.

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 …` takes another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
    $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

.PHONY: help venv services demo test lint bench fuzz coverage mutants model measure tables lists clean
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

venv: $(STAMP)  ## the virtual environment with mxsync and the tools of development

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "mxsync needs Python 3.11, 3.12 or 3.13, and none was found: install one (Debian: apt install python3), or say where it is: make PYTHON=/path/to/python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
	    else \
	        echo "Python's venv module is missing: install it (Debian: apt install python3-venv) and call make again"; exit 2; \
	    fi; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## a tenant with sample mail in demo/, one pass over it, and what came of it
	@if [ -e demo ] && [ ! -e demo/mxsync.toml ]; then \
	    echo "demo/ is there and is no tenant of mxsync: move it away, or call: $(BIN)/mxsync demo ANOTHER_DIRECTORY"; exit 2; fi
	@rm -rf demo
	@$(BIN)/mxsync demo demo

# Tests of databases start servers of their own from Debian's packages, and those of SQL Server's drivers need libraries
# of it. Root on Debian gets what is missing; elsewhere the tests say what to install, and are skipped.
services:
	@need=""; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need="$$need postgresql"; \
	test -x /usr/sbin/mariadbd || command -v mariadbd >/dev/null || need="$$need mariadb-server"; \
	for each in libodbc.so.2:unixodbc libltdl.so.7:libltdl7 libgssapi_krb5.so.2:libgssapi-krb5-2; do \
	    PATH=$$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q "$${each%%:*}" || need="$$need $${each##*:}"; \
	done; \
	if [ -n "$$need" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$need >/dev/null \
	        || echo "these packages could not be installed:$$need"; \
	fi

test: $(STAMP) services  ## every test (WORKERS=2 at a time)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(STAMP)  ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check mxsync tests docs benchmarks training
	$(BIN)/mypy --strict mxsync
	$(BIN)/lint-imports --cache-dir $(VENV)/.import-linter

bench: $(STAMP)  ## ratios against named peers (docs/performance.md); needs the packages that it names
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@set -e; for f in benchmarks/bench_*.py; do echo "== $$f"; $(BIN)/python $$f $(ARGS); done

fuzz: $(STAMP)  ## the rule language and the readers of mail against made-up input (SECONDS=60)
	@set -e; for f in tests/fuzz/fuzz_*.py; do $(BIN)/python $$f $(or $(SECONDS),60); done

coverage: $(STAMP)  ## branch coverage of the core, at least 95 %
	$(BIN)/python -m pytest -q -n $(WORKERS) --cov --cov-report=term-missing:skip-covered $(ARGS)
	$(BIN)/coverage report --include='mxsync/model/*,mxsync/lang/*,mxsync/decide/*,mxsync/extract/*' --fail-under=95

mutants: $(STAMP)  ## whether the tests notice small changes of decisions and of the index (docs/mutation.md)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	$(BIN)/python tests/mutation/try_mutants.py $(ARGS)

model: $(STAMP)  ## the weights of the line model of signatures (docs/extraction.md); needs the corpora
	$(BIN)/python -m training fit

measure: $(STAMP)  ## how well signatures are read, on mail not learnt from (docs/extraction.md); needs the corpora
	$(BIN)/python -m training measure

tables: $(STAMP)  ## the parser's tables, after the grammar was changed
	$(BIN)/python docs/make_tables.py

lists: $(STAMP)  ## the packaged lists of providers, from the newest that others maintain
	$(BIN)/python docs/make_lists.py

clean:  ## removes .venv, demo/ and what tools have left
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
