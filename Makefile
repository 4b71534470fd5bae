# Two commands on a machine with python3 (3.11 or later), make and git:
#   make demo   set up .venv, and compare the two versions in fixtures/: embedded engine, then a model's recorded answers
#   make test   the same with the checkers; lint, types, floors, tests
# Works with uv if it is there, with pip, and where Debian left out ensurepip.

PY      ?= python3
VENV    ?= .venv
BIN     := $(VENV)/bin
STORY   := fixtures/stories/dmz-defection

.PHONY: demo test lint types floors check bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/.demo
	@echo "━━ 1 of 2: the embedded engine (word lists and rules; no model) ━━"
	@$(BIN)/retold compare $(STORY)/long.txt $(STORY)/short.txt
	@echo "━━ 2 of 2: what a language model once answered to the same questions (recorded; nothing is asked now) ━━"
	@$(BIN)/retold compare $(STORY)/long.txt $(STORY)/short.txt --recording $(STORY)/recording.jsonl

test: lint types floors check

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

floors: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

check: $(VENV)/.dev
	$(BIN)/python -m pytest

bench: $(VENV)/.dev
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/lexicon.py
	$(BIN)/python bench/overhead.py
	$(BIN)/python bench/limits.py

# The checkers bring all that the demo needs; a demo alone installs no checker.
$(VENV)/.dev: WHAT = .[dev]
$(VENV)/.demo: WHAT = .
$(VENV)/.dev $(VENV)/.demo: pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "retold needs Python 3.11 or later; this is $$($(PY) --version). Try: make $(MAKECMDGOALS) PY=python3.12"; exit 1; }
	@echo "setting up $(VENV) (once) …"
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv -q --allow-existing --python $(PY) $(VENV) && \
	    uv pip install -q --python $(BIN)/python -e '$(WHAT)'; \
	elif $(PY) -c 'import ensurepip' 2>/dev/null; then \
	    $(PY) -m venv $(VENV) && \
	    $(BIN)/python -m pip install -q --disable-pip-version-check -e '$(WHAT)'; \
	elif $(PY) -m pip --version >/dev/null 2>&1; then \
	    $(PY) -m venv --without-pip $(VENV) && \
	    $(PY) -m pip --python $(BIN)/python install -q --disable-pip-version-check -e '$(WHAT)'; \
	else \
	    echo "neither uv nor pip nor ensurepip is here; on Debian: apt-get install python3-venv"; exit 1; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
