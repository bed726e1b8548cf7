# All commands of this project. `make` checks a sample cluster; `make help` lists all targets.

SHELL := /bin/bash
.DEFAULT_GOAL := demo
TSX := node --import tsx

SOURCES := package.json $(shell find src policies profiles addons conftest/policy scripts -name '*.test.ts' -prune -o -type f -print)

.PHONY: help demo build test test-rego check parity oracle disruption e2e red-team bench generate verify fmt new-policy ci nightly clean

help: ## lists the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: build ## checks the sample cluster testdata/clusters/drifted, and prints its table
	@node dist/cli.cjs check testdata/clusters/drifted --profile tectonic-1.6.4 || test $$? = 1
	@echo
	@node dist/cli.cjs table testdata/clusters/drifted --profile tectonic-1.6.4 || test $$? = 1

build: dist/cli.cjs ## builds dist/: the policies as WASM, their catalogue, the command and the library

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-fund --no-audit
	@touch $@

dist/cli.cjs: node_modules/.package-lock.json $(SOURCES)
	@npm run --silent build
	@touch $@

test: build ## runs the Rego tests and the TypeScript tests
	@npm run --silent test:rego
	@npm run --silent test:node

test-rego: build ## runs the Rego tests with OPA, and requires full line coverage
	@npm run --silent test:rego

check: node_modules/.package-lock.json ## checks lint, types, unused code, words, Rego style and capabilities
	@npm run --silent check
	@$(TSX) scripts/check-rego.ts

parity: build ## compares WASM, gator and conftest on every case, and the libraries with Kubernetes
	@npm run --silent parity

oracle: build ## compares PAIRS random pods and nodes (SEED) with Kubernetes' own scheduling code
	@PAIRS=$(or $(PAIRS),1000000) SEED=$(or $(SEED),1) npm run --silent test:node -- test/scheduler/

disruption: build ## compares CASES random budgets, updates and pairs of pods (SEED) with Kubernetes' own code
	@CASES=$(or $(CASES),200000) SEED=$(or $(SEED),1) npm run --silent test:node -- test/disruption/

e2e: build ## tests workloads, drains, updates, native admission and Gatekeeper on a real control plane
	@npm run --silent test:node -- test/e2e/

red-team: node_modules/.package-lock.json ## prints every attempt of the red team, and its outcome
	@$(TSX) scripts/red-team.ts

bench: build ## measures speed and memory beside other tools, and writes bench/README.md
	@$(TSX) bench/reader.ts
	@$(TSX) bench/evaluation.ts
	@$(TSX) bench/budgets.ts
	@$(TSX) bench/gatekeeper.ts
	@$(TSX) bench/admission.ts
	@$(TSX) bench/audit.ts
	@$(TSX) bench/adverse.ts
	@$(TSX) bench/check.ts
	@$(TSX) bench/page.ts

generate: build ## writes the generated files that are committed
	@$(TSX) scripts/validators.ts
	@$(TSX) scripts/generate.ts

verify: build ## fails if a generated file is out of date
	@$(TSX) scripts/generate.ts --check

fmt: node_modules/.package-lock.json ## formats TypeScript and Rego
	@npm run --silent fmt
	@$(TSX) scripts/check-rego.ts --write

new-policy: node_modules/.package-lock.json ## creates a policy: make new-policy NAME=some-fault
	@$(TSX) scripts/new-policy.ts $(NAME)

# The cheap targets come first. The summary of the test runner comes last.
ci: check test verify parity e2e ## runs what CI runs on every push (docs/testing.md)

nightly: export NIGHTLY = 1
nightly: ci ## runs the same with full counts

clean: ## removes dist/
	rm -rf dist
