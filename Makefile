# make lab      open the course in JupyterLab    make lab ARGS="--no-browser --port 8899"
# make test     run every test                   make test ARGS="-k pagerank"
# make verify   hold the theorems against the code
# make setup    create .venv and install everything into it, once
# make clean    delete what setup and the tests made; never your work/

PYTHON ?= python3
ARGS ?=
VENV := .venv
INSTALLED := $(VENV)/installed

.PHONY: setup lab test verify clean

setup: $(INSTALLED)

lab: $(INSTALLED)
	$(VENV)/bin/cme323 lab $(ARGS)

# Two workers; tests that share a JVM or a browser stay in one of them.
test: $(INSTALLED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

verify: $(INSTALLED)
	$(VENV)/bin/cme323 verify $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Made anew when the dependencies change, and only then.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "cme323 needs Python 3.11 or newer: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python cannot make environments here: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade pip
	$(VENV)/bin/python -m pip install --quiet --editable ".[all]"
	touch $@
