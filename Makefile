# Frontdesk: the only entry points people need. `make help` lists them.
SHELL := /bin/bash
GO ?= go
TESTS ?= ./...
ARTEFACTS ?= $(CURDIR)/artefacts
export ARTEFACTS

.DEFAULT_GOAL := help
.PHONY: help run test test-long bench lint generate check-generated cover

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: ## the whole product on this machine, until Ctrl-C
	@scripts/install-deps.sh servers
	@$(GO) build -o bin/frontdesk ./web
	@exec bin/frontdesk serve

test: ## all tests but the long ones; the last line says how many ran
	@scripts/install-deps.sh all
	@scripts/test.sh short

test-long: ## crash matrix, repeated races, fuzzing, race detector
	@scripts/install-deps.sh all
	@scripts/test.sh long

bench: ## how fast the program is with a year of data (ONLY=turns,acks for some); figures in artefacts/bench.txt and .md
	@scripts/install-deps.sh servers
	@scripts/bench.sh

lint: ## vet, formatting, generated files fresh, static checks
	@scripts/lint.sh

generate: ## templ views
	$(GO) tool templ generate -path views

cover: ## coverage of the rules (R-1606)
	@scripts/test.sh cover
