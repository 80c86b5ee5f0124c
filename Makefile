# Each target does its own set-up: on a fresh machine a Swift toolchain is all that is needed.
# Nothing here is required: `swift build`, `swift test` and `swift run` work as in any package.

.DEFAULT_GOAL := help
.PHONY: help setup demo test simulate examples interop chaos thresholds soak lint format docs clean

# Hundreds of tests at once starve each other's time-outs on a small machine.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8

help: ## What there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find the system libraries and the toolchain, install what is missing
	@sh scripts/setup

demo: setup ## Emulator, producer and two hosts in one process, under 20 s (ARGS=--forever runs on)
	swift run -c release eventhubs demo $(ARGS)

test: setup ## All tests that need no foreign software
	swift test $(ARGS)

simulate: setup ## Hosts and balancer in a simulated world: 50,000 seeds (ARGS=--seeds 1000)
	swift build -c release --product host-simulation
	.build/release/host-simulation self-test
	.build/release/host-simulation balancer >.build/balancer.txt & balancer=$$!; \
	.build/release/host-simulation --seeds 50000 --workers 2 $(ARGS) || { kill $$balancer; exit 1; }; \
	wait $$balancer && cat .build/balancer.txt

examples: ## Packages of their own that use this one: build and test them
	@sh scripts/setup sqlite
	swift test --package-path Examples/SQLiteStore --scratch-path .build $(ARGS)

interop: setup ## The official Python client, RabbitMQ and others against this package
	bash Tests/Interop/run $(ARGS)

thresholds: setup ## Instructions and allocations per event, against recorded limits
	bash Benchmarks/Thresholds/check

soak: setup ## A full host for ten minutes: its resident size must not grow (ARGS=3600: seconds)
	bash Benchmarks/soak $(ARGS)

chaos: setup ## Hosts, emulator and store under faults for ten minutes, and figures (ARGS='--seconds 60 --seed 7')
	bash Tests/Interop/chaos $(ARGS)

lint: ## Format, licence headers, file lengths
	@sh scripts/lint

format: ## Format every Swift file in place
	swift format -i --recursive Sources Tests Benchmarks Snippets Examples Package.swift

docs: setup ## DocC for every product, warnings are errors
	@sh scripts/docs

clean: ## Remove build products and what the interop run made
	rm -rf .build .interop
