"""What we measure: `python -m bench COMMAND [ARGUMENTS]`.

adapters  what AWS's adapters add to the SDK, in CPU
admission what the function that lets turns in takes of its own
facts     how well what a user says becomes facts
imports   how long a function's code takes to load, beside the SDK alone
memory    how long a search of the long-term memory takes, beside brute force
recall    how much of what a question needs is recalled
turn      what the product adds to the time that nobody can save
voice     how long it takes from the end of speech to the answer's first sample
"""

from __future__ import annotations

import sys
from importlib import import_module

import runtime.adapters.local  # noqa: F401 - it says how many threads numpy takes, and has to before that is loaded.

_COMMANDS = {
    "adapters": "bench.adapters",
    "admission": "bench.admission",
    "facts": "bench.facts",
    "imports": "bench.imports",
    "memory": "bench.memory",
    "recall": "bench.recall",
    "turn": "bench.turn.command",
    "voice": "bench.voice.command",
}


def main(arguments: list[str]) -> int:
    """Run one command; return the process's exit code."""
    if not arguments or arguments[0] not in _COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    import_module(_COMMANDS[arguments[0]]).main(arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
