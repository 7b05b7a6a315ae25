# `make run` and `make test` set everything up by themselves; Python 3.11 or later is all they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
SCONES := $(VENV)/bin/scones
PIP := $(VENV)/bin/python -m pip
PIP_INSTALL := $(PIP) install --quiet --no-deps --require-hashes
PACKAGES := pipelines steps lambdas monitoring jobs photos windows containers local
LOCKS := requirements/locked.txt requirements/torch.txt
LOCKED_PACKAGES = $(shell sed -nE 's/^([A-Za-z0-9._-]+)==.*/\1/p' $(LOCKS))
QUICK_TESTS := tests/aws tests/unit/local tests/unit/monitoring tests/unit/steps/dataset tests/unit/steps/network \
	$(addprefix tests/unit/lambdas/,announce_version classify_image filter_inference serialize_image shared) \
	$(addprefix tests/unit/pipelines/,cli operations registry settings waiting) \
	--ignore=tests/unit/pipelines/operations/main_job
# One more than cores: tests often wait for the processes that they start.
WORKERS ?= 3
# Tests of a file stay in one process, and files go in the order of tests/conftest.py.
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Python keeps what it compiles. Otherwise each process of a test or a job compiles all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run help test check mutants lint docs pictures format setup lock imagelocks sbom audit clean

run: $(VENV)/.installed  ## the main job; DATA=path/to/cifar-100-python.tar.gz takes real images
	$(SCONES) run $(if $(DATA),--data "$(DATA)")

help:  ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

test: $(VENV)/.installed  ## all tests, on WORKERS=3 processes; PYTEST_ARGS="tests/unit -x" runs some of them
	$(VENV)/bin/python -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

check: lint  ## style, types, import rules and the quickest unit tests, in a minute or two
	$(VENV)/bin/python -m pytest -q $(SIDE_BY_SIDE) $(QUICK_TESTS)

mutants: $(VENV)/.installed  ## plant faults that unit tests must notice (up to an hour), in one MODULE=path/to/module.py or ROOM=name, if wanted
	PYTHONPATH=tests $(VENV)/bin/python -m mutants.run $(if $(MODULE),--module "$(MODULE)") $(if $(ROOM),--room "$(ROOM)")

lint: $(VENV)/.installed  ## style, types, the rules of who may import whom, security and licences
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/bandit -q -c pyproject.toml -r configs benchmarks docs infra $(PACKAGES)
	@echo "licences of all locked packages"
	@$(VENV)/bin/pip-licenses --packages $(LOCKED_PACKAGES) >/dev/null

sbom: $(VENV)/.installed  ## the bill of materials, build/sbom.json: all packages with versions, licences and what needs what
	mkdir -p build
	$(VENV)/bin/cyclonedx-py environment --no-validate --output-reproducible --output-file build/sbom.json $(VENV)/bin/python

# Whether a package has a known vulnerability only a service on the network can say. --strict: one that could not be
# looked up is an error, too.
audit: $(VENV)/.installed  ## look for known vulnerabilities of the locked packages; AUDIT_ARGS="--ignore-vuln ID" accepts one
	$(VENV)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off $(AUDIT_ARGS) \
		$(addprefix --requirement ,$(LOCKS)) || { echo "make audit: a package is vulnerable, or could not be looked up (see above)" >&2; exit 1; }

docs: $(VENV)/.installed  ## the documentation as a site in build/site; a broken link is an error
	$(VENV)/bin/python -m sphinx -q -W --keep-going -b html docs build/site

pictures: $(VENV)/.installed  ## the pictures of README and docs, from the results of `make run`
	$(VENV)/bin/python docs/make_pictures.py build

format: $(VENV)/.installed  ## put the code into this style
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

setup: $(VENV)/.installed  ## the virtual environment, .venv

# The stamp is written last, so that an installation that was cut off is made again. Four packages come as source only:
# they are built with the setuptools of the lock. torch is fetched first, in the build that pip prefers, because pip would
# rather take an index's build than a folder's, of which it knows no hash before. The editable installation is this project, and
# what only torch's build for CUDA needs. At last a check of IRIs goes again, for which the bill of materials' package asks, and which it
# does not need for what we do: it builds a grammar when it is imported, and jsonschema imports it wherever it is found, which
# costs each local AWS and each use of SageMaker's SDK a second.
$(VENV)/.installed: setup.py $(LOCKS)
	@echo "Setting up $(VENV) with $(PYTHON): a few minutes the first time"
	$(PYTHON) -m venv $(VENV)
	sed -nE '/^(pip|setuptools)==/,/[^\\]$$/p' requirements/locked.txt >$(VENV)/build.txt
	$(PIP_INSTALL) --requirement $(VENV)/build.txt
	$(PIP_INSTALL) --no-build-isolation --requirement requirements/locked.txt
	$(PIP) download --quiet --no-deps --only-binary :all: --dest $(VENV)/torch $$(sed -nE 's/^(torch==\S+).*/\1/p' requirements/torch.txt)
	$(PIP_INSTALL) --no-index --find-links $(VENV)/torch --requirement requirements/torch.txt
	rm -r $(VENV)/torch
	$(PIP) install --quiet --no-build-isolation --editable '.[local,dev]'
	$(PIP) uninstall --quiet --yes rfc3987-syntax lark
	touch $@

lock: $(VENV)/.installed  ## lock packages and hashes anew after a change of setup.py; UPGRADE=numpy takes its newest version
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --extra local --extra dev --generate-hashes \
		--python-version 3.11 --python-platform linux --no-annotate --no-emit-package torch \
		$(if $(UPGRADE),--upgrade-package $(UPGRADE)) --output-file requirements/locked.txt setup.py >/dev/null

IMAGE_PACKAGES := containers/requirements
IMAGE_LOCK = UV_CUSTOM_COMPILE_COMMAND="make imagelocks" $(VENV)/bin/uv pip compile --quiet --no-config --generate-hashes --no-annotate \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28 $(addprefix --constraint ,$(LOCKS))
# PyTorch's builds for CPUs are in an index of its own; those for GPUs are where all other packages are.
TORCH_CPU ?= --index https://download.pytorch.org/whl/cpu --index-strategy unsafe-best-match

imagelocks: $(VENV)/.installed  ## lock the packages of the container images, in the versions of requirements/
	$(IMAGE_LOCK) $(TORCH_CPU) --output-file $(IMAGE_PACKAGES)/training-cpu.txt $(IMAGE_PACKAGES)/training.in >/dev/null
	$(IMAGE_LOCK) $(TORCH_CPU) --output-file $(IMAGE_PACKAGES)/inference-cpu.txt $(IMAGE_PACKAGES)/inference.in >/dev/null
	$(IMAGE_LOCK) --output-file $(IMAGE_PACKAGES)/training-gpu.txt $(IMAGE_PACKAGES)/training.in >/dev/null

clean:  ## remove everything that can be made again
	rm -rf build $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
