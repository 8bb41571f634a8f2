# undeny: `make help` lists what there is.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help setup demo test check bench differential network-oracle docs clean fuzz

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Set up .venv from the pinned requirements
$(STAMP): requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src/undeny
	@touch $(STAMP)

demo: setup ## Watch a real call be denied, explained, fixed, proven, applied, repeated and rolled back
	$(BIN)/undeny demo

check: setup ## Lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check ## Run the whole test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: setup ## Run the benchmarks; they print ratios
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file; done

fuzz: setup ## Try 100,000 broken texts and events, by a grammar and guided by coverage; no input may make it crash
	$(BIN)/python fuzz/run.py

differential: setup ## Compare with outside implementations, which this installs beside the project
	@command -v npm >/dev/null || { echo "npm is not installed: it brings one of the two"; exit 1; }
	cd differential && npm ci --ignore-scripts --no-audit --no-fund
	test -x differential/.ministack/bin/python || python3 -m venv differential/.ministack
	differential/.ministack/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r differential/requirements.txt
	$(BIN)/python differential/run.py

network-oracle: setup ## Compare the verdicts on 60 random networks with real packets in namespaces (needs nftables)
	@$(BIN)/python scripts/network_oracle.py --count 60 || [ $$? -eq 77 ]

docs: setup ## Write the pages that are made from the drop-in files
	$(BIN)/python scripts/make_docs.py
	$(BIN)/python scripts/make_screen.py

clean: ## Remove what was set up
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
