# The only list of commands. `make help` prints it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

help: ## Print this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

env: ## Make .venv and node_modules from the lock files, and compile the engine.
	@PYTHON="$(PYTHON)" bash scripts/environment.sh

demo: env ## Start a demo clinic with a live bedside monitor; Ctrl-C stops all of it.
	@$(RUN)/afterglow demo

test: env ## Everything: lint, types, import contracts, all tests, in a real browser too.
	@bash scripts/chromium.sh
	@$(MAKE) --no-print-directory check
	@$(RUN)/pytest -n 2

# The types of Django's rows are read from the settings, which want these; no server is asked.
check: export DATABASE_URL = postgresql:///afterglow
check: export AFTERGLOW_SECRET_KEY = for-checks-only-and-nothing-else-0123456789-0123456789
check: env ## Lint, format, types, import contracts, missing migrations.
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports
	$(RUN)/mypy
	$(RUN)/afterglow check

core: env ## The core's tests alone, without Django.
	@$(RUN)/pytest -n 2 -p no:django -W "ignore:Unknown config option" tests/core

bench: env ## The figures of docs/measured, as ratios in one run.
	@bash scripts/chromium.sh
	@$(RUN)/python -m bench

bench-engine: env ## The engine beside its peers, as ratios in one run (installs them in var/).
	@bash scripts/peers.sh
	@PYTHONPATH=src:. var/peers/bin/python -m bench.populations $(if $(WRITE),--write)

bench-million: env ## A million virtual patients through six sessions: memory, time, same digits.
	@$(RUN)/python -m bench.million $(if $(WRITE),--write)

agreement: env ## The fast path against an ODE solver, 1,000 people of every shape.
	@$(RUN)/python -m tests.agreement --write

calibration: env ## How often intervals hold the truth, for every kind of observation.
	@$(RUN)/python -m tests.calibration --write

lock: ## Resolve pyproject.toml anew into requirements.lock.
	$(RUN)/pip install -q uv && $(RUN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -q -o requirements.lock --custom-compile-command "make lock"

clean: ## Remove what the commands made, but not a clinic's data in var/.
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help env demo test check core bench bench-engine bench-million agreement calibration lock clean
