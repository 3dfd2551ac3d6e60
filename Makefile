# Everything a newcomer needs: `make demo` and `make test`. Both do all set-up themselves, given git,
# make and a Python 3.11-3.15; no compiler, root or account (docs/decisions/0012).

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all invented bench lint types docs docs-serve law-gate kills kills-postgres tampering-postgres questions-postgres power-cuts ledger-machine verifier-agreement mutants format hooks coverage clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# One stamp for each profile of scripts/bootstrap.py: run, dev, all.
.venv/.ready-%: uv.lock pyproject.toml scripts/bootstrap.py scripts/newest_python
	@python=$$(sh scripts/newest_python) && "$$python" scripts/bootstrap.py $* && touch $@

setup: .venv/.ready-dev ## the environment that every target below makes by itself

demo: .venv/.ready-run ## the founding story with its proofs, and an audit of bundled real records
	@$(BIN)/habeas demo --exit-zero

test: .venv/.ready-dev ## all tests that need nothing from outside; what was NOT RUN stands at the end
	@$(PYTEST)

# Nothing may be left out, unless it is named: make test-all WITHOUT=shared-data
test-all: .venv/.ready-all ## all tests; fails on anything not run
	@$(PYTEST) --everything $(if $(WITHOUT),--without=$(WITHOUT))

invented: .venv/.ready-dev ## invented people against their key: ten seeds, many people, facts removed (minutes)
	@$(PYTEST) --everything tests/invented tests/conformance/test_invented_people.py

bench: .venv/.ready-all ## measure, and compare with other engines
	@$(BIN)/python -m benchmarks.run

lint: .venv/.ready-dev ## style, spelling, docstrings and floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell
	@$(BIN)/interrogate --quiet
	@$(BIN)/lint-imports --no-logo

types: .venv/.ready-dev ## mypy strict and pyright strict
	@$(BIN)/mypy
	@$(BIN)/pyright

docs: .venv/.ready-dev ## the documentation site, into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo site/index.html

docs-serve: .venv/.ready-dev
	@$(BIN)/mkdocs serve

law-gate: .venv/.ready-run ## tests of the law itself: limbs, edges, surviving mutants, contested cells
	@$(BIN)/habeas law test --gate --cases tests/cases

kills: .venv/.ready-dev ## kill -9 a ledger 10,000 times while clients append (half an hour)
	@$(BIN)/python scripts/durability.py kills 10000 --seed 20261122

kills-postgres: .venv/.ready-all ## kill -9 a ledger in PostgreSQL, its sessions and its server, 2,000 times (half an hour)
	@$(BIN)/python scripts/postgres_kills.py 2000 --seed 20261122

tampering-postgres: .venv/.ready-all ## change every byte of a thousand entries in PostgreSQL, one at a time (ten minutes)
	@HABEAS_TAMPERED_ENTRIES=1000 $(BIN)/python -m pytest -q --everything tests/ledger/test_postgres_tampering.py

questions-postgres: .venv/.ready-all ## ask a ledger in PostgreSQL 100,000 random questions as known then (twenty minutes)
	@HABEAS_QUESTIONS=100000 $(BIN)/python -m pytest -q --everything tests/ledger/test_postgres_asof.py

power-cuts: .venv/.ready-dev ## simulate 100,000 power failures under a ledger, and a control that must lose (half an hour)
	@$(BIN)/python scripts/durability.py power-cuts 100000 --seed 20261122

ledger-machine: .venv/.ready-dev ## do everything to a ledger of people, 200 times 100 steps, beside a plain model (half an hour)
	@HABEAS_MACHINE_EXAMPLES=200 HABEAS_MACHINE_STEPS=100 $(BIN)/python -m pytest -p no:xdist -q tests/desk/test_ledger_machine.py

verifier-agreement: .venv/.ready-dev ## hold two verifiers against each other on 10,000 good bundles and 10,000 spoilt (ten minutes)
	@$(BIN)/python scripts/verifier_agreement.py 10000 --seed 20261122

mutants: .venv/.ready-all ## mutants of kernel, law and authority (long)
	@$(BIN)/mutmut run
	@$(BIN)/mutmut results

format: .venv/.ready-dev ## put the source in its one form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

coverage: .venv/.ready-dev ## branch coverage of the floors below the desk
	@$(PYTEST) -m "not gate" --cov --cov-report=term-missing

hooks: .venv/.ready-dev ## install the pre-commit hooks of this clone
	@$(BIN)/pre-commit install

clean: ## forget the environment and everything made
	rm -rf .venv .tools site build dist out mutants .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
