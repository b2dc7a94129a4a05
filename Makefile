# beatgrid: `make help` lists what there is to do.

PYTHON ?= python3
BIN := .venv/bin
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
UV_VERSION := 0.13.9
PORT ?= 8050
# TLS=1 serves HTTPS to the whole network, with a certificate that the host makes itself: what phones need.
TLS ?=
SERVE := $(if $(TLS),--tls --host 0.0.0.0)
# What sets type for PDFs; without it bulletins are written as HTML and XLSX only.
TYPE := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo serve test prove bench lint format pins clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/ready ## Make .venv with everything pinned (and Debian's PostGIS when root)

.venv/ready: requirements.txt
	@echo 'Setting up .venv (once; about half a minute) …'
	@$(PYTHON) -m venv .venv 2>/dev/null || { \
		test "$$(id -u)" = 0 && $(APT) update && $(APT) install -y python3-venv >/dev/null && $(PYTHON) -m venv .venv; } || { \
		echo "Python cannot make a virtual environment: type 'sudo apt-get install python3-venv', then make again."; exit 5; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements.txt
	@dpkg -s $(TYPE) >/dev/null 2>&1 || { \
		test "$$(id -u)" = 0 && $(APT) update && $(APT) install -y --no-install-recommends $(TYPE) >/dev/null; } || \
		echo "No PDFs until you type 'sudo apt-get install $(TYPE)'; everything else works."
	@$(BIN)/python -m db.warming
	@touch $@

setup-test: .venv/ready-test

.venv/ready-test: .venv/ready requirements-test.txt
	@echo 'Adding what tests need …'
	@$(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements-test.txt
	@command -v chromium >/dev/null || { \
		test "$$(id -u)" = 0 && $(APT) update && $(APT) install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; } || { \
		echo "Chromium is missing: type 'sudo apt-get install chromium fonts-noto-cjk', then make again."; exit 5; }
	@touch $@

demo: setup ## Load the made-up city (once) and serve the dashboard on http://127.0.0.1:$(PORT)
	@$(BIN)/python manage.py demo load
	@$(BIN)/python manage.py serve --port $(PORT) $(SERVE)

serve: setup ## Serve the dashboard on what is loaded (TLS=1: over HTTPS, for phones)
	@$(BIN)/python manage.py serve --port $(PORT) $(SERVE)

test: setup-test lint ## Run every check and test (set BEATGRID_REALDATA to test on public data too)
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

prove: setup-test ## Run the long suites (faults, kills, fuzz at size) and new examples of every property; takes long
	@BEATGRID_RANDOM=1 $(BIN)/python -m pytest -m 'prove or hypothesis'

bench: setup-test ## Measure beside peers, as ratios of one run
	@$(BIN)/uv pip install --quiet --compile-bytecode --requirement requirements-bench.txt
	@$(BIN)/python -m tests.bench

lint: setup-test ## Style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo >/tmp/beatgrid-lint-imports.$$$$ 2>&1 && rm -f /tmp/beatgrid-lint-imports.$$$$ || { \
		cat /tmp/beatgrid-lint-imports.$$$$; rm -f /tmp/beatgrid-lint-imports.$$$$; exit 1; }

format: setup-test ## Format the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

pins: setup ## Compile the pinned requirements anew from the .in files
	@for name in requirements requirements-test requirements-bench; do \
		$(BIN)/uv pip compile --quiet --no-header --upgrade $$name.in --output-file $$name.txt; done

clean: ## Stop the private PostGIS and delete it together with .venv
	@test ! -x $(BIN)/python || $(BIN)/python manage.py db destroy --yes
	@rm -rf .venv .beatgrid .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
