# Heed. "make run" and "make test" install what they need; the rest is below.
SHELL := /bin/bash
.DEFAULT_GOAL := help

LINT_VERSION := v2.15.0
RUNTIME := github.com/k2-fsa/sherpa-onnx-go-linux@v1.10.46
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# Speech models: HEED_MODELS, then a shared folder beside the checkout, then
# what setup downloaded.
HEED_MODELS ?= $(firstword $(wildcard $(abspath ../shared/models)) $(abspath build/models))
export HEED_MODELS
SPEECH ?= $(abspath ../shared/speech)
# The word error rates, in percent, above which "make eval" fails.
BARS ?= overall=15,calls=18,asterisk=9,an4=25

UI_SOURCES := $(shell find ui/src ui/public ui/index.html ui/vite.config.ts ui/package-lock.json -type f 2>/dev/null)

DATA ?= $(abspath ../shared/data)

.PHONY: help setup build run test test-go test-ui lint eval train bench fuzz client fixtures clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

setup: ## install what is missing: packages, npm modules, speech runtime and model
	@bash .ci/setup $(if $(filter test,$(MAKECMDGOALS) $(FOR)),test,run) "$(RUNTIME)" $(if $(filter test,$(MAKECMDGOALS) $(FOR)),$(RACE))

ui/dist/index.html: $(UI_SOURCES)
	cd ui && npm run --silent build

build: ui/dist/index.html ## build the binary into build/
	@mkdir -p build
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o build/heed ./cmd/heed

run: setup build ## serve on http://localhost:8080 with demo calls
	./build/heed serve --demo --listen 127.0.0.1:8080 --data build/demo

test: setup ui/dist/index.html test-ui test-go ## everything: unit, race, end to end, browser
	@echo "all tests passed"

test-ui:
	cd ui && npm run --silent lint && npm test --silent

# Packages that start servers, speech workers or browsers wait more than they
# work: more of their tests go on at once than there are cores. That with the
# browsers has the machine to itself, the two others share it.
WAITING = ./internal/app ./cmd/heed ./transcribe/sherpa

# Packages that compute and start nothing: the race detector has nothing to
# find there and makes them six times as long. internal/house holds them to it.
NUMERIC = ./transcribe/sound ./internal/propensity/regret ./insights ./insights/theme/discover ./insights/theme/trend ./internal/customer ./internal/experiment ./internal/eval/themes ./internal/house

# What goes over every sample of every call, in one goroutine, would be most of
# what the detector watches in all other packages' tests: it is compiled without.
SAMPLES = ./transcribe/sound ./transcribe/audio
RACE = -race $(SAMPLES:./%=-gcflags=heed/%=-race=false)

# Without what only a debugger reads: linking 160 test binaries is a third
# of the work. "make lint" vets.
TESTING = -timeout 12m -vet=off -ldflags='-s -w'

test-go: export HEED_REQUIRE_ENGINES = $(shell cat build/.engines 2>/dev/null || echo 0)
test-go: export HEED_REQUIRE_BROWSER = 1
test-go: export HEED_REQUIRE_TOOLS = 1
test-go:
	go build $(RACE) $$(go list -f '{{if ne .Name "main"}}{{.ImportPath}}{{end}}' ./...)
	go test $(RACE) $(TESTING) -parallel 4 $(firstword $(WAITING))
	go test $(RACE) $(TESTING) -parallel 4 $(wordlist 2,3,$(WAITING))
	go test $(TESTING) $(NUMERIC)
	go test $(RACE) $(TESTING) -p 3 ./internal/session $$(go list ./... | grep -v $(foreach p,$(WAITING) $(NUMERIC),-e $(p:.%=heed%)$$)) # the longest first; some wait, so that two would leave a core idle

lint: build/bin/golangci-lint ui/dist/index.html ## vet, format, linters, module tidy
	GOFLAGS="$(RACE)" ./build/bin/golangci-lint run ./... # then what the tests compiled serves it too
	go mod tidy -diff
	go mod verify

build/bin/golangci-lint:
	GOBIN=$(abspath build/bin) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

eval: setup build ## word error rates on speech, and understanding on the data sets of DATA (STRICT=1: a bar missed fails)
	go run ./internal/eval/cmd --speech $(SPEECH) --calls fixtures/calls --engine sherpa,pocketsphinx --bars $(BARS)
	go run ./internal/eval/table --data $(DATA) $(if $(STRICT),--strict)

train: ## train the shipped models on the data sets of DATA (the model cards say which)
	go run ./internal/train/cmd --data $(DATA) --out insights/embed/encoder.bin
	go test -vet=off -run "^TestTheShippedSetIsProven$$" ./insights/intent -update
	go run ./insights/sentiment/train --data $(DATA)
	go run ./insights/redact/train --data $(DATA)

bench: setup build ## the latency and capacity figures
	go test -run '^$$' -bench . -benchtime 200ms -benchmem ./transcribe/audio ./transcribe/sound ./transcribe/remote ./insights/... ./internal/ingest/... ./internal/session ./internal/store ./internal/decide ./internal/propensity
	go run -tags sqlite_fts5 ./internal/bench $(if $(wildcard $(DATA)),-data $(DATA))

fuzz: ## each fuzz target for FUZZTIME (default 10s)
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-10s} $$p || exit 1; \
		done; done

client: ## make the types of the app's API client from the API's own description
	go test -vet=off -run '^TestTheAppsClientIsOfThisAPI$$' ./internal/app -update
	cd build && npm exec --yes --package openapi-typescript@7.13.0 --package typescript@5.9.3 -- \
		openapi-typescript openapi.json --immutable --alphabetize --root-types --root-types-no-schema-prefix --output schema.ts
	(echo "// sha256:$$(sha256sum <build/openapi.json | cut -d' ' -f1)"; cat build/schema.ts) >ui/src/schema.ts

fixtures: ## render the recorded calls again from their scripts
	go run ./fixtures/render

clean: ## remove what was built
	rm -rf build ui/dist/assets ui/dist/index.html
