# The commands of 实事簿. `make` alone lists them. Stamps lie in folders that git ignores.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
PORT ?= 8000
# Both cores of a small machine; a bigger one may take more.
TEST_JOBS ?= 3
# Of `make simulate`: as many schedules as a night has time for.
SCHEDULES ?= 10000
SEED ?= 1
DATABASE ?= sqlite
# Of `make kills`: how often a server and a browser are killed, and how often each of 16 writers pushes.
KILLS ?= 200
BROWSER_KILLS ?= 50
PUSHES ?= 60

VENV := .venv
export PORT
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

SERVER_SOURCES := config.py wsgi.py $(shell find server -name '*.py')
PWA_SOURCES := $(shell find pwa/src pwa/public pwa/index.html pwa/*.json pwa/*.ts pwa/*.mjs -type f -not -path 'pwa/src/contract/*' 2>/dev/null)
CONTRACT := $(addprefix pwa/src/contract/,words.json lifecycle.json openapi.json)
CONTRACT_WRITTEN := pwa/node_modules/.contract-written

.PHONY: help run build contract contract-now lint test node system-packages clean
.PHONY: check-python check-pwa check-contract test-pwa test-server screenshots lighthouse bench bench-many bench-browser simulate kills

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: $(VENV)/.run-packages pwa/dist/index.html ## set everything up and serve on http://127.0.0.1:8000 (PORT=… for another)
	@tools/serve.sh

build: pwa/dist/index.html ## build the phone's app into pwa/dist

contract: $(CONTRACT) ## write what the phone takes from the server (words, lifecycle, OpenAPI, types)

lint: check-python check-pwa ## check style and types of both sides

test: system-packages check-python check-contract check-pwa test-pwa test-server ## check and test everything, as CI does

screenshots: pwa/dist/index.html $(VENV)/.test-packages system-packages ## take a picture of every page into screenshots/
	python -m tools.screenshots

lighthouse: pwa/dist/index.html $(VENV)/.test-packages tests/browser/node_modules/.installed system-packages ## measure the built app with Lighthouse, phone and desktop
	python -m tools.lighthouse

bench: $(VENV)/.test-packages tools/peers/node_modules/.installed system-packages ## measure push, pull (beside PouchDB), tallies of a million matters and exports on both databases
	python -m tools.bench
	python -m tools.bench_sync
	python -m tools.bench_tallies
	python -m tools.bench_exports

bench-many: $(VENV)/.test-packages tools/peers/node_modules/.installed system-packages ## 300 first syncs at one moment while 20 others push: errors, waiting, memory
	python -m tools.bench_many

bench-browser: pwa/dist/index.html $(VENV)/.test-packages system-packages ## a first sync of 10,000 matters and starts without a network, in Chromium slowed six times
	python -m tools.bench_browser

simulate: $(VENV)/.test-packages pwa/node_modules/.installed system-packages ## run SCHEDULES=… of the sync simulator from SEED=… on DATABASE=sqlite or postgresql
	node pwa/tests/simulator/run.mjs --database $(DATABASE) --schedules $(SCHEDULES) --seed $(SEED)

kills: pwa/dist/index.html $(VENV)/.test-packages system-packages ## kill servers, databases and browsers KILLS=…, BROWSER_KILLS=… times under load, fill disks, tear lines
	pytest -n 0 --kills $(KILLS) --browser-kills $(BROWSER_KILLS) --pushes $(PUSHES) tests/kills
	pytest -n 0 tests/kills/planted.py

clean: ## remove what was installed and built; the database and keys in var/ stay
	rm -rf $(VENV) pwa/node_modules pwa/dist tests/browser/node_modules tools/peers/node_modules tests/browser/.cache test-results screenshots
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find server tests tools -name __pycache__ -prune -exec rm -rf {} +

# What the commands stand on

$(VENV)/bin/python:
	tools/venv.sh $(VENV) $(PYTHON)

$(VENV)/.run-packages: requirements.txt | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	touch $@

$(VENV)/.test-packages: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(PIP) -r requirements-dev.txt
	touch $@ $(VENV)/.run-packages

node: | $(VENV)/bin/python
	@tools/node.sh $(VENV)

system-packages:
	@tools/system-packages.sh

pwa/node_modules/.installed: pwa/package-lock.json | node
	npm ci --prefix pwa --no-audit --no-fund --loglevel=error
	touch $@

tools/peers/node_modules/.installed: tools/peers/package-lock.json | node
	npm ci --prefix tools/peers --no-audit --no-fund --loglevel=error
	touch $@

tests/browser/node_modules/.installed: tests/browser/package-lock.json | node
	npm ci --prefix tests/browser --no-audit --no-fund --loglevel=error
	touch $@

$(CONTRACT_WRITTEN): $(SERVER_SOURCES) $(VENV)/.run-packages pwa/node_modules/.installed
	$(MAKE) --no-print-directory contract-now

# Only what changed is written, so that not every change of the server builds the app again.
$(CONTRACT): $(CONTRACT_WRITTEN)
	@true

contract-now: $(VENV)/.run-packages pwa/node_modules/.installed
	flask --app wsgi contract
	npm run --silent --prefix pwa contract
	touch $(CONTRACT_WRITTEN)

pwa/dist/index.html: $(PWA_SOURCES) $(CONTRACT) pwa/node_modules/.installed
	npm run --silent --prefix pwa build
	touch $@

# The parts of `make test`, cheap ones first

check-python: $(VENV)/.test-packages
	ruff check .
	ruff format --check .
	mypy

check-contract: $(VENV)/.run-packages pwa/node_modules/.installed
	tools/fresh-contract.sh

check-pwa: pwa/node_modules/.installed
	npm run --silent --prefix pwa lint
	npm run --silent --prefix pwa typecheck

test-pwa: pwa/node_modules/.installed
	npm run --silent --prefix pwa test

test-server: $(VENV)/.test-packages pwa/dist/index.html tests/browser/node_modules/.installed system-packages
	pytest -n $(TEST_JOBS)
