# `make help` lists what can be asked for. It takes Python 3, make and git; everything else is fetched when needed.

PORT ?= 8000
# `make test TESTS=tests/api` runs a part.
TESTS ?=

BOOTSTRAP := python3 project/bootstrap.py
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
# One process for each suite of tests/environment.py: both databases at once, one summary.
SUITES := --dist each --max-worker-restart 0 $(foreach suite,sqlite postgresql browser deploy up rehearsal,--tx popen//id=$(suite))
# `make lock UPGRADE=--upgrade` also moves to newer versions.
LOCK := .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header $(UPGRADE)

# `make compare GUARD="cfn-guard FOLDER"` also asks cfn-guard, with a folder of its rules, where the machine has it.
GUARD ?=

# The stage that `make rehearse` stands up: deploy/stages/NAME.toml. `make rehearse ARGUMENTS=--stay` goes on afterwards.
STAGE ?= poc
ARGUMENTS ?=

.PHONY: help run test rehearse fuzz check bench compare lock openapi documents messages pictures setup clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## set up Python, Node and the page, without starting anything
	@$(BOOTSTRAP) python page

run: setup ## serve the application with a demo company at http://localhost:$PORT (8000)
	@$(PYTHON) -m project.start $(PORT)

test: ## run every suite: the page's, and pytest on SQLite, on PostgreSQL, in a browser and of the deployment
	@$(BOOTSTRAP) python page postgresql browser simulator
	@$(BOOTSTRAP) npm test --silent
	@$(PYTHON) -m pytest $(SUITES) $(TESTS)

rehearse: ## stand a stage's whole closed network up on this machine, and look at it from every side
	@$(BOOTSTRAP) python page postgresql
	@$(PYTHON) -m deploy rehearse $(STAGE) $(ARGUMENTS)

fuzz: ## look for what breaks the API or the rules, without end: new examples in each round (FUZZ_EXAMPLES=500)
	@$(BOOTSTRAP) python postgresql
	@while FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),500) $(PYTHON) -m pytest -q --database postgresql \
		tests/api/rest/test_fuzz.py tests/api/proposals/test_state_machine.py; do :; done; exit 1

check: ## say everything that can be said about the code without running it
	@$(BOOTSTRAP) python node postgresql
	@$(PYTHON) -m project.checks

bench: ## measure, as ratios; docs/benchmarks.md has the figures and how to read them
	@$(BOOTSTRAP) python postgresql
	@$(PYTHON) -m tests.postgresql $(PYTHON) -m bench

compare: ## put the holes that prove finds before other scanners (not in the suites); writes docs/closedness-compared.md
	@$(BOOTSTRAP) python
	@.venv/bin/uv venv --quiet --allow-existing --python $(PYTHON) .local/compare
	@.venv/bin/uv pip install --quiet --python .local/compare/bin/python --require-hashes -r requirements-compare.txt
	@$(PYTHON) -m tests.deploy.closedness.compare .local/compare/bin/checkov $(GUARD)

documents: ## write the files that are made from code (docs/, openapi.yaml)
	@$(BOOTSTRAP) python
	@$(PYTHON) -m project.documents
	@$(PYTHON) -m deploy documents

openapi: documents ## write openapi.yaml and the page's client made from it
	@$(BOOTSTRAP) npm run generate --silent

messages: ## collect the texts of the Python code, to be translated in api/locale/
	@$(BOOTSTRAP) python
	@$(MANAGE) messages

pictures: ## take the pictures of README and guides, of the running application and of a rehearsal
	@$(BOOTSTRAP) python page postgresql browser
	@$(PYTHON) -m tests.browser.pictures
	@$(PYTHON) -m tests.deploy.rehearsal.pictures

lock: ## lock what pyproject.toml and spa/package.json ask for
	@$(BOOTSTRAP) python
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(LOCK) --group container -c requirements-dev.txt -o requirements-container.txt
	@$(LOCK) --group deploy -c requirements-dev.txt -o requirements-deploy.txt
	@$(LOCK) --group peers -o requirements-peers.txt
	@$(LOCK) --group awscli -o requirements-awscli.txt
	@$(LOCK) --group compare -o requirements-compare.txt
	@$(LOCK) --group postgres -o requirements-postgres.txt
	@$(BOOTSTRAP) npm install --package-lock-only
	@$(BOOTSTRAP) npm-simulator install --package-lock-only

clean: ## remove all that was fetched, built or stored here, the local database included
	rm -rf .venv .local build test-results spa/node_modules spa/dist .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
