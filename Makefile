# The vocabulary of the project. No logic lives here: every line calls the kit or a tool.
A ?= a1
CONFIG ?=
ONLY ?=
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check lint types imports templates templates-check selftest bench experiment report release gradescope otter clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## make .venv with pinned packages; LaTeX and bubblewrap through apt
	@tools/setup

demo: setup ## grade a sample class, run the small experiments, build the PDF report
	$(PYTHON) -m kit demo $(A)

test: setup ## the quick test suite
	$(PYTHON) -m pytest -q -n 2 -m "not slow"

test-slow: setup ## the slow tests: every mutant, stock otter, the frameworks in the jail
	@tools/setup slow
	$(PYTHON) -m pytest -q -n 2 --dist loadgroup -m slow

check: lint types imports templates-check test ## all that a commit must pass

lint: setup ## style
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup ## static types of the engine
	.venv/bin/mypy

imports: setup ## the layers of the engine
	.venv/bin/lint-imports

templates: setup ## write student_templates/ from solutions/
	$(PYTHON) -m kit templates

templates-check: setup ## fail if student_templates/ is not what solutions/ makes
	$(PYTHON) -m kit templates --check

selftest: setup ## an assignment's laws: A=a1
	$(PYTHON) -m kit selftest $(A)

bench: setup ## what grading costs, four ways, to benchmarks/grading.json: ONLY=light|a1
	$(PYTHON) -m benchmarks.grading $(if $(ONLY),--only $(ONLY))

experiment: setup ## run experiments: A=a1 CONFIG=demo|quick|full
	$(PYTHON) -m kit experiment $(A) $(if $(CONFIG),--config $(CONFIG))

report: setup ## build the PDF from published facts, or from runs: A=a1 CONFIG=demo|quick|full
	$(PYTHON) -m kit report $(A) $(if $(CONFIG),--config $(CONFIG))

release: setup ## pack what students get: A=a1
	$(PYTHON) -m kit release $(A)

gradescope: setup ## write the zip that grades on Gradescope as we do here: A=a1
	$(PYTHON) -m kit gradescope $(A)

otter: setup ## write the autograder zip for stock otter: A=a1
	$(PYTHON) -m kit otter $(A)

clean: ## delete what can be made again (work/, caches), not .venv
	rm -rf work .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
