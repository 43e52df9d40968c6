# What people run: `make demo` to see reqc at work, `make test` to trust it.
# Everything lands in .venv; system tools for the tests come from apt where that is possible.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test test-vm coverage fuzz fuzz-nodes fuzz-firewalls fuzz-ignition mutants bench bench-quick bench-peers lint check docs update clean

help:
	@echo "make demo    set up, compile the shipped OpenShift page, show the result"
	@echo "make test    set up with all tools, lint, check types, run the tests"
	@echo "make test-vm run the check scripts on real kernels and under systemd; needs root and Debian's apt"
	@echo "make coverage  run the tests and list the lines and branches that none of them takes"
	@echo "make fuzz    put hostile texts into every field of hundreds of documents, after all of the next three"
	@echo "make fuzz-nodes  let the script and the Python judge disagree on thousands of random nodes"
	@echo "make fuzz-firewalls  let the oracle and real firewalls disagree on random documents and packets; needs root"
	@echo "make fuzz-ignition  let our validator and Ignition's own disagree on thousands of configurations"
	@echo "make mutants  change the code in thousands of small ways and count what its tests notice; takes hours"
	@echo "make bench   measure how long things take, as ratios, and write docs/benchmarks.md; make bench-quick only prints, in three minutes"
	@echo "make bench-peers  bring the other tools that the benchmark compares with"
	@echo "make lint    the linters and the type checker only"
	@echo "make docs    write the pages that are generated: docs/errors, docs/kinds.md"
	@echo "make update  rewrite the golden files of the tests"
	@echo "make clean   remove what the other targets made"

demo: .venv/runtime
	$(BIN)/reqc compile specs/v3.24-openshift.req --target machineconfig

test: lint
	scripts/system-tools
	$(BIN)/python -m pytest -n auto

test-vm: .venv/development
	scripts/system-tools guests
	scripts/guests
	$(BIN)/python -m pytest -n auto --dist loadgroup tests/vm

coverage: .venv/development
	scripts/system-tools
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python scripts/coverage-totals

fuzz: .venv/development fuzz-nodes fuzz-firewalls fuzz-ignition
	REQC_EXAMPLES=300 $(BIN)/python -m pytest -q -n auto tests/injection

fuzz-nodes: .venv/development
	REQC_EXAMPLES=5000 $(BIN)/python -m pytest -q tests/nodes/test_random_nodes.py

fuzz-firewalls: .venv/development
	REQC_EXAMPLES=1000 $(BIN)/python -m pytest -q -n auto tests/real/test_random_packets.py \
		tests/real/test_shipped_packets.py tests/real/test_mutants.py

fuzz-ignition: .venv/development
	REQC_EXAMPLES=5000 $(BIN)/python -m pytest -q tests/backends/ignition/validation/test_agreement.py

# WHAT may be groups of scripts/mutation.toml and options of scripts/mutation.
mutants: MUTANTS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/reqc-mutants
mutants:
	scripts/environment $(PYTHON) $(MUTANTS)/environment
	$(MUTANTS)/environment/bin/pip install --quiet --editable '.[dev]' mutmut==3.8.1
	nice $(MUTANTS)/environment/bin/python scripts/mutation $(MUTANTS) $(WHAT)

bench: .venv/development
	$(BIN)/python bench/run.py --output docs/benchmarks.md $(if $(DATE),--date $(DATE))

bench-quick: .venv/development
	$(BIN)/python bench/run.py --quick

bench-peers:
	bench/install-peers $(PYTHON)

lint: .venv/development
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/development
	$(BIN)/python scripts/generate-tables
	$(BIN)/python scripts/generate-docs

update: .venv/development
	$(BIN)/python -m pytest -q --update

.venv/runtime: pyproject.toml
	scripts/environment $(PYTHON) .venv
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/development: .venv/runtime
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
