# `make help` lists what there is. Recipes run in a shell that knows where the tools are: scripts/env.sh.
SHELL := scripts/shell.sh
.SHELLFLAGS := -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PLIMSOLL := target/release/plimsoll

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

# --- use -------------------------------------------------------------------------------------------------------------

.PHONY: run
run: build ## build all and serve the cluster of your kubeconfig, or else the demo
	@exec $(PLIMSOLL) serve

.PHONY: demo
demo: build ## build all and serve the demo cluster
	@exec $(PLIMSOLL) serve --demo

.PHONY: build
build: setup page ## build the one binary, page included, at target/release/plimsoll
	@cargo build --release --package server

.PHONY: setup
setup: ## install what building needs
	@scripts/setup.sh run

.PHONY: setup-test
setup-test: ## install what testing needs besides
	@scripts/setup.sh test

.PHONY: page
page: setup ## build the page into target/page
	@cargo xtask page

.PHONY: image
image: ## build the container image plimsoll, with docker, podman or buildah
	@scripts/image.sh

# --- test ------------------------------------------------------------------------------------------------------------

.PHONY: test
test: setup-test page ## run all tests: units, a real API server, a real PostgreSQL, a real browser
	@cargo test
	@cargo test --package frontend

.PHONY: proof
proof: setup-test ## ask the real API server and the RBAC engine a million questions, and compare; then fuzz
	@PLIMSOLL_QUESTIONS=1000000 cargo test --test rbac -- --nocapture
	@scripts/fuzz.sh

.PHONY: fuzz
fuzz: setup-test ## throw absurd input at each parser, a minute at each; PLIMSOLL_FUZZ_SECONDS changes that
	@scripts/fuzz.sh

.PHONY: bench
bench: setup-test build ## measure, and print one table
	@cargo run --release --package tests --bin bench

.PHONY: shots
shots: setup-test page ## photograph every page of the demo into target/shots
	@cargo run --bin shots

# --- keep in order ---------------------------------------------------------------------------------------------------

.PHONY: fmt
fmt: ## format the code
	@cargo fmt --all
	@cargo fmt --manifest-path fuzz/Cargo.toml

.PHONY: lint
lint: setup-test ## check format and clippy, warnings being errors
	@cargo fmt --all --check
	@cargo fmt --manifest-path fuzz/Cargo.toml --check
	@cargo clippy --all-targets -- --deny warnings
	@cargo xtask lint

.PHONY: docs
docs: setup ## generate docs/checks, docs/openapi.json and docs/schemas from the code
	@cargo build --bin plimsoll
	@target/debug/plimsoll checks --docs docs/checks
	@target/debug/plimsoll openapi > docs/openapi.json
	@target/debug/plimsoll openapi --schemas docs/schemas

.PHONY: sqlx
sqlx: setup ## check every query against a scratch database, and write .sqlx
	@scripts/sqlx.sh

.PHONY: deny
deny: setup ## check dependencies: licences, bans, sources
	@cargo xtask deps

.PHONY: ci
ci: page lint deny sqlx docs ## what must pass before a change is taken
	@scripts/unchanged.sh docs/checks docs/openapi.json docs/schemas .sqlx
	@$(MAKE) test

.PHONY: clean
clean: ## remove everything that was built; the set-up's own builds too
	@rm -rf target node_modules
