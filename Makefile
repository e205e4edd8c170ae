# Frontdesk: the only entry points people need. `make help` lists them.
SHELL := /bin/bash
GO ?= go
TESTS ?= ./...
ARTEFACTS ?= $(CURDIR)/artefacts
export ARTEFACTS

.DEFAULT_GOAL := help
.PHONY: help run test test-long bench load eval lint generate check-generated cover

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
	@scripts/install-deps.sh bench
	@scripts/bench.sh

load: ## people who order and messages, all at once, against the program that runs on this machine (VUS, ITERATIONS, SECONDS)
	@set -a; [ ! -f .data/demo.env ] || . .data/demo.env; set +a; scripts/load/k6.sh

lint: ## vet, formatting, generated files fresh, static checks
	@scripts/lint.sh

eval: ## how well messages are understood, per intent and language, with every miss (EVAL=test, dev or train)
	@EVAL=$${EVAL:-test} MISSES=1 $(GO) test ./internal/chat/understand -count=1 -v -run 'TestPhrases$$'
	@$(GO) test ./internal/chat -count=1 -v -run 'TestPhrasesWhateverTheModelDoes$$' | grep -v WARN

generate: ## templ views, and the models that tell what a message is about
	$(GO) tool templ generate -path views
	$(GO) generate ./internal/chat/understand

cover: ## coverage of the rules (R-1606)
	@scripts/test.sh cover
