"""A state of a hundred megabytes is read whole, and one that was cut off is refused, in two gigabytes of memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.document import Number
from bridge.state import Output, State, write

pytestmark = pytest.mark.real

MEGABYTES = 100
MOST_BYTES = 2_000_000_000
READING = """
import resource, sys
from pathlib import Path
from bridge import refused, state
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
try:
    print(len(state.read(Path(sys.argv[1]).read_bytes()).outputs))
except refused.Refused as no:
    print(str(no).splitlines()[0])
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = Output(["x" * 40] * 20 + [Number("1")], ["tuple", [*["string"] * 20, "number"]])
    alone = write(State("l", 1, {"o": one}))
    output = alone[alone.index(b'"o"') : alone.index(b"\n  },")]
    many = (output.replace(b'"o"', b'"o%d"' % number, 1) for number in range(MEGABYTES * 1_000_000 // len(output) + 1))
    path = tmp_path_factory.mktemp("large") / "terraform.tfstate"
    path.write_bytes(alone.replace(output, b",\n    ".join(many)))
    return path


def reading(path: Path) -> str:
    call = [sys.executable, "-c", READING, str(path), str(MOST_BYTES)]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout


def test_a_state_of_a_hundred_megabytes_is_read(large: Path) -> None:
    assert large.stat().st_size > MEGABYTES * 1_000_000
    assert int(reading(large)) > 1_000


def test_one_that_was_cut_off_is_refused(large: Path) -> None:
    cut = large.with_name("cut.tfstate")
    cut.write_bytes(large.read_bytes()[:-100])

    assert "which is not JSON: it ends too early" in reading(cut)
