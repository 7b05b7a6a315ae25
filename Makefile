# `make run` and `make test` set everything up by themselves; Python 3.11 or later is all they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
SCONES := $(VENV)/bin/scones
QUICK_TESTS := tests/aws tests/unit/local tests/unit/monitoring tests/unit/steps/dataset tests/unit/steps/network \
	$(addprefix tests/unit/lambdas/,announce_version classify_image filter_inference serialize_image shared) \
	$(addprefix tests/unit/pipelines/,cli operations registry settings waiting) \
	--ignore=tests/unit/pipelines/operations/test_main_job.py
# One more than cores: tests often wait for the processes that they start.
WORKERS ?= 3
# Tests of a file stay in one process, and files go in the order of tests/conftest.py.
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Python keeps what it compiles. Otherwise each process of a test or a job compiles all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run help test check mutants lint docs pictures format setup clean

run: $(VENV)/.installed  ## the main job; DATA=path/to/cifar-100-python.tar.gz takes real images
	$(SCONES) run $(if $(DATA),--data "$(DATA)")

help:  ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

test: $(VENV)/.installed  ## all tests, on WORKERS=3 processes; PYTEST_ARGS="tests/unit -x" runs some of them
	$(VENV)/bin/python -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

check: lint  ## style, types, import rules and the quickest unit tests, in a minute or two
	$(VENV)/bin/python -m pytest -q $(SIDE_BY_SIDE) $(QUICK_TESTS)

mutants: $(VENV)/.installed  ## plant faults that unit tests must notice, in one MODULE=path/to/module.py or ROOM=name, if wanted
	PYTHONPATH=tests $(VENV)/bin/python -m mutants.run $(if $(MODULE),--module "$(MODULE)") $(if $(ROOM),--room "$(ROOM)")

lint: $(VENV)/.installed  ## style, types and the rules of who may import whom
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

docs: $(VENV)/.installed  ## the documentation as a site in build/site; a broken link is an error
	$(VENV)/bin/python -m sphinx -q -W --keep-going -b html docs build/site

pictures: $(VENV)/.installed  ## the pictures of README and docs, from the results of `make run`
	$(VENV)/bin/python docs/make_pictures.py build

format: $(VENV)/.installed  ## put the code into this style
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

setup: $(VENV)/.installed  ## the virtual environment, .venv

# The stamp is written last, so that an installation that was cut off is made again.
$(VENV)/.installed: setup.py constraints.txt
	@echo "Setting up $(VENV) with $(PYTHON): a few minutes the first time"
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[local,dev]'
	touch $@

clean:  ## remove everything that can be made again
	rm -rf build $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
