# Two commands matter: `make run` and `make test`. Everything else is a line or two beside them.
.DEFAULT_GOAL := help
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test ui bench spark parity lint clean
help:            ## what can be made
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

.venv/.ready: requirements.lock pyproject.toml
	@python3 -c 'import sys; assert sys.version_info >= (3, 11), "Fishpond needs Python 3.11 or newer"'
	@test -x $(PY) || python3 -m venv .venv
	@$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@.venv/bin/fishpond prepare
	@touch $@

setup: .venv/.ready ## install into .venv (run and test do this themselves)
run: .venv/.ready   ## load, build, check, publish; on an empty lake with the sample brand
	@.venv/bin/fishpond run
test: .venv/.ready  ## all tests, on two cores
	@$(PY) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
ui: .venv/.ready    ## the Dagster UI on 127.0.0.1:3000
	@.venv/bin/fishpond ui
.venv/.bench: .venv/.ready requirements-bench.lock
	@$(PY) -m pip install --quiet --require-hashes -r requirements-bench.lock
	@touch $@
bench: .venv/.bench ## benchmarks: ratios against named peers, which are installed beside the product
	@$(PY) -m pytest tests/benchmarks --override-ini addopts= -q -s
.venv/.spark: .venv/.ready requirements-spark.lock
	@$(PY) -m pip install --quiet --require-hashes -r requirements-spark.lock
	@touch $@
spark: .venv/.spark ## the same road, built by Apache Spark (needs Java 17)
	@FISHPOND_TARGET=spark .venv/bin/fishpond run
parity: .venv/.spark ## every table of a small brand on DuckDB and on Spark, compared row by row
	@$(PY) -m pytest tests/parity -s
lint: .venv/.ready  ## ruff, the import walls between the rooms, known holes in dependencies (where there is a connection)
	@.venv/bin/ruff check .
	@.ci/audit
clean:           ## forget the virtual environment and everything built from landing
	@test ! -d data_lake/published || chmod -R u+w data_lake/published
	rm -rf .venv dbt_project/target dbt_project/logs data_lake/bronze data_lake/quarantine data_lake/warehouse data_lake/published
