# Every path is relative, so that a clone may lie in any folder. `make` alone shows this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
# A machine that forbids Python its cache compiles every module anew at every start: two thirds of what a start costs.
unexport PYTHONDONTWRITEBYTECODE
# The runner sets the timeouts; the 32-bit numbers are partitions and counts of attempts.
SQUAWK := .venv/bin/squawk --assume-in-transaction --pg-version 15 \
  --exclude require-lock-timeout,require-statement-timeout,prefer-bigint-over-int
MIGRATIONS = $(wildcard shared/src/cpt/*/migrations/*.sql services/*/migrations/*.sql)

.PHONY: help venv demo test pictures up down bench check lock chaos simulate nightly cluster-e2e api attempts audit sbom release clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

venv: ## the Python environment in .venv, from the hash-pinned requirements
	@bash infra/devstack/venv.sh

demo: venv ## start everything, play a story from request to alert, stay until Ctrl-C (ONCE=1: stop after the story)
	@$(PY) -m infra.demo

test: venv ## every test, on real Kafka and PostgreSQL, on all cores (ARGS="-k line -x" chooses; docs/testing.md)
	@$(PY) -m infra.devstack fetch --tests
	@$(PY) -m tests.run $(ARGS)

chaos: venv ## attack a stack of its own and check every promise (MINUTES=5 SEED=1, or HOURS=8: seed after seed, added up)
	@$(PY) -m $(if $(HOURS),infra.chaos.night --hours $(HOURS),infra.chaos --minutes $(or $(MINUTES),5)) --seed $(or $(SEED),1)

simulate: venv ## schedules of the services' handlers, one for each seed; a broken promise is told short (SEEDS=200 FIRST=1)
	@$(PY) -m tests.simulation --seeds $(or $(SEEDS),200) --first $(or $(FIRST),1)

nightly: venv ## what a change does not wait for: a long search of interleavings, then a long attack
	@CPT_EXAMPLES=30 $(PY) -m pytest -q tests/security/test_generated_requests.py
	@CPT_INTERLEAVINGS=$(or $(EXAMPLES),400) $(PY) -m pytest tests/interleavings --timeout 14400
	@$(PY) -m infra.chaos --minutes $(or $(MINUTES),30) --seed $(or $(SEED),1)

pictures: venv ## the README's pictures in docs/pictures, of a demo that runs in this clone
	@$(PY) -m tests.browser.pictures

up: venv ## start the stack in the background; its addresses are in .run/stack.json
	@$(PY) -m infra.devstack up

down: venv ## stop the stack and discard its data
	@$(PY) -m infra.devstack down

bench: venv ## what the services cost, compared with a minimal program for the same work (ONLY=a: one benchmark of docs/performance.md)
	@$(PY) -m infra.bench $(ONLY)

check: venv ## lint, format, types, import contracts, event schemas, SQL
	@echo "== ruff check" && $(PY) -m ruff check
	@echo "== ruff format" && $(PY) -m ruff format --check
	@echo "== mypy" && $(PY) -m mypy
	@echo "== import contracts" && .venv/bin/lint-imports
	@echo "== event schemas" && $(PY) -m cpt.contracts check
	@echo "== API documents" && $(PY) -m infra.api_documents check && $(PY) -m infra.judge_documents
	@echo "== migrations" && $(SQUAWK) $(MIGRATIONS)

audit: venv ## the pinned packages against the published advisories; 2 where these cannot be read
	@$(PY) -m infra.supply_chain audit

api: venv ## the OpenAPI and AsyncAPI documents of this commit, in .run/api
	@$(PY) -m infra.api_documents build

attempts: venv ## send every endpoint the largest body it takes; what it cost goes into docs/security.md
	@CPT_WRITE_ATTEMPTS=1 $(PY) -m pytest -q tests/security/test_attempts.py

sbom: venv ## a CycloneDX bill of materials for each image, in .run/sbom (IMAGE=…, or a root folder: and of its operating system)
	@$(PY) -m infra.supply_chain sbom .run/sbom $(IMAGE)

release: venv ## what a release consists of, checksums, provenance, signature (VERSION=1.2.3 BASE=python:…@sha256:…)
	$(if $(and $(VERSION),$(BASE)),,$(error VERSION=1.2.3 and BASE=image@sha256:… are needed))
	@$(PY) -m infra.release $(VERSION) $(BASE)

lock: venv ## re-make the hash-pinned requirement files (UPGRADE=1: with the newest versions)
	@bash infra/devstack/lock.sh

cluster-e2e: venv ## the chart in production on a real one-node Kubernetes: used, upgraded, rolled back, hurt (KEEP=1: stay up where it fails)
	@CPT_DEMO__TODAY="$$(TZ=America/New_York date +%F)" $(PY) -m infra.cluster

clean: ## stop the stack, remove what was made in this clone, say what lies outside of it (ALL=1: remove that, too)
	@[ ! -x $(PY) ] || { $(PY) -m infra.devstack down; $(PY) -m infra.devstack.clean $(if $(ALL),--all); }
