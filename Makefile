# What can be done here. `make` alone lists it.
# Works with the make that macOS ships (3.81), so nothing newer is used.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo notebooks test check fix bench bench-matching screens lock

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/test.stamp ## Make the environment in .venv, with everything for work on the code

demo: $(VENV)/demo.stamp ## Start everything with made-up people (FRESH=1 anew, PRACTICES=120 REFERRALS=54000 for more)
	@$(BIN)/ozone demo $(if $(FRESH),--fresh) $(if $(REFERRALS),--referrals $(REFERRALS)) $(if $(PRACTICES),--practices $(PRACTICES))

notebooks: $(VENV)/analyst.stamp ## Open the analysts' notebooks on the demo's figures
	@$(BIN)/ozone notebooks

# Whoever is done first takes over from the others: some tests take long.
QUICK = -n auto --dist worksteal -m "not browser"

test: $(VENV)/test.stamp ## Run all tests, the browser's last (ARGS="-k words" for some, COVERAGE=1 to count lines)
	@OZONE_CHROMIUM=$$(sh scripts/chromium.sh $(BIN)/python) && export OZONE_CHROMIUM \
		&& if [ -n "$(ARGS)" ]; then $(BIN)/python -m pytest $(ARGS); else \
			$(BIN)/python -m pytest $(QUICK) $(if $(COVERAGE),--cov --cov-report=term) \
			&& $(BIN)/python -m pytest -m browser; fi

check: $(VENV)/test.stamp ## Look at the code without running it: style, types, layers, SQL, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d core/analytics/models ]; then set -x; $(BIN)/sqlfluff lint core/analytics/models; fi
	$(BIN)/deptry .

fix: $(VENV)/test.stamp ## Mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m core.referrals.life_cycle
	$(BIN)/python -m core.analytics.dictionary
	@if [ -d core/analytics/models ]; then set -x; $(BIN)/sqlfluff fix core/analytics/models; fi

bench: $(VENV)/test.stamp ## Measure everything side by side (ARGS="send" for one, ARGS="pages 10m" at a size)
	@$(BIN)/python -m benchmarks $(ARGS)

bench-matching: $(VENV)/test.stamp ## Measure the matching against HiGHS, ten minutes (ARGS="2k" for one size)
	@$(BIN)/python -m benchmarks.matching $(ARGS)

screens: $(VENV)/test.stamp ## Take the pictures in docs/screens anew
	@OZONE_CHROMIUM=$$(sh scripts/chromium.sh $(BIN)/python) && export OZONE_CHROMIUM \
		&& $(BIN)/python -m pytest tests/browser --screens $(ARGS)

# One resolution for all three, so that what is tested is what runs.
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	$(if $(UPGRADE),--upgrade) --extra build

lock: $(VENV)/test.stamp ## Write requirements/*.lock from pyproject.toml (UPGRADE=1 for newer releases)
	$(COMPILE) --extra test --output-file requirements/test.lock
	$(COMPILE) --extra demo --constraint requirements/test.lock --output-file requirements/demo.lock
	$(COMPILE) --extra demo --extra analyst --constraint requirements/test.lock --output-file requirements/analyst.lock
	$(COMPILE) --constraint requirements/test.lock --output-file requirements/run.lock

# A stamp is as old as the last installation; a changed lock makes it out of date.
# A lock is whole, so nothing is resolved again: an older pip would take a newer release
# for an extra than the one the lock names, and stop at its missing hash.
$(VENV)/demo.stamp: requirements/demo.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the demo needs …"
	@$(PIP) install --require-hashes --no-deps -r requirements/demo.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/analyst.stamp: requirements/analyst.lock pyproject.toml | $(BIN)/python
	@echo "Installing what notebooks need …"
	@$(PIP) install --require-hashes --no-deps -r requirements/analyst.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/demo.stamp

$(VENV)/test.stamp: requirements/test.lock pyproject.toml | $(BIN)/python
	@echo "Installing what tests and checks need …"
	@$(PIP) install --require-hashes --no-deps -r requirements/test.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/demo.stamp $(VENV)/analyst.stamp

$(BIN)/python:
	@sh scripts/environment.sh $(VENV)
