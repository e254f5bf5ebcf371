.PHONY: install chat run test check learn bench soak chaos flood fuzz clean
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

$(VENV)/ready: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

install: $(VENV)/ready                      ## make the environment

chat: $(VENV)/ready                         ## open a talk in the terminal
	@$(RUN) bot.py chat $(ARGS)

run: $(VENV)/ready                          ## serve the page and every channel that is configured
	@$(RUN) bot.py serve $(ARGS)

check: $(VENV)/ready                        ## prove the content
	@$(RUN) bot.py check

test: $(VENV)/ready-dev                     ## all tests, linters and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(RUN) bot.py check
	$(RUN) -m pytest

learn: $(VENV)/ready-dev                    ## learn from the examples of voices anew
	$(RUN) -m tests.learn

bench: $(VENV)/ready-dev                    ## the same dialog beside its peers
	$(RUN) -m tests.bench $(ARGS)

soak: $(VENV)/ready-dev                     ## 50,000 turns on replicas that are killed, then a bot killed 300 times
	$(RUN) -m tests.chaos $(or $(CHAOS),50000 500)
	$(RUN) -m tests.soak $(ARGS)

chaos: $(VENV)/ready-dev                    ## the first half of soak, 5,000 turns of it
	$(RUN) -m tests.chaos $(ARGS)

flood: $(VENV)/ready-dev                    ## what others notice of one person's flood
	$(RUN) -m tests.flood $(ARGS)

fuzz: $(VENV)/ready-dev                     ## random talks and random input, for so many seconds
	$(RUN) -m tests.fuzz $(ARGS)

clean:                                      ## remove the environments and caches
	rm -rf $(VENV) .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
