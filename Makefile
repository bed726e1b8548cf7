# Every command of this project. `make` does the main job on a sample cluster; `make help` lists all.

SHELL := /bin/bash
.DEFAULT_GOAL := demo
TSX := node --import tsx

SOURCES := $(shell find src policies profiles scripts -name '*.test.ts' -prune -o -type f -print)

.PHONY: help demo build test test-rego check parity oracle disruption e2e red-team bench generate verify fmt new-policy ci nightly clean

help: ## lists the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: build ## judges the sample cluster testdata/clusters/drifted, and fills in its table
	@node dist/cli.cjs check testdata/clusters/drifted --profile tectonic-1.6.4 || test $$? = 1
	@echo
	@node dist/cli.cjs table testdata/clusters/drifted --profile tectonic-1.6.4 || test $$? = 1

build: dist/cli.cjs ## makes dist/: policy.wasm, what the policies say of themselves, the bundle

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-fund --no-audit
	@touch $@

dist/cli.cjs: node_modules/.package-lock.json $(SOURCES)
	@npm run --silent build
	@touch $@

test: build ## runs the tests of the policies in Rego and of everything through WASM
	@npm run --silent test:rego
	@npm run --silent test:node

test-rego: build ## runs the Rego tests with OPA, and holds their coverage at every line
	@npm run --silent test:rego

check: node_modules/.package-lock.json ## checks lint, types, Rego style and capabilities
	@npm run --silent check
	@$(TSX) scripts/check-rego.ts

parity: build ## runs every case through WASM, gator and conftest, and compares
	@npm run --silent parity

oracle: build ## holds PAIRS pods and nodes, drawn by SEED, against Kubernetes' own scheduling code
	@PAIRS=$(or $(PAIRS),1000000) SEED=$(or $(SEED),1) npm run --silent test:node -- test/scheduler/

disruption: build ## holds CASES budgets, updates and pairs of pods, drawn by SEED, against Kubernetes' own code
	@CASES=$(or $(CASES),200000) SEED=$(or $(SEED),1) npm run --silent test:node -- test/disruption/

e2e: build ## tries workloads, drains, updates and Gatekeeper on a real control plane, and compares
	@npm run --silent test:node -- test/e2e/

red-team: node_modules/.package-lock.json ## prints every attempt of the red team, and what comes of it
	@$(TSX) scripts/red-team.ts

bench: build ## measures reading and checking beside named peers, into bench/results
	@$(TSX) bench/reader.ts
	@$(TSX) bench/evaluation.ts
	@$(TSX) bench/budgets.ts
	@$(TSX) bench/gatekeeper.ts
	@$(TSX) bench/check.ts

generate: build ## writes what is generated and committed
	@$(TSX) scripts/profile-validator.ts
	@$(TSX) scripts/generate.ts

verify: build ## fails if what is committed is not what `make generate` makes
	@$(TSX) scripts/generate.ts --check

fmt: node_modules/.package-lock.json ## formats TypeScript and Rego
	@npm run --silent fmt
	@$(TSX) scripts/check-rego.ts --write

new-policy: node_modules/.package-lock.json ## starts a policy: make new-policy NAME=some-fault
	@$(TSX) scripts/new-policy.ts $(NAME)

# The cheap and telling comes first. The test runner's own summary comes last.
ci: check test verify parity e2e ## runs what CI runs at every push (docs/testing.md)

nightly: export NIGHTLY = 1
nightly: ci ## runs the same with every count in full

clean: ## removes what was built
	rm -rf dist
