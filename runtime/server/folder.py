"""The data folder: made where there is none, for its owner alone."""

from __future__ import annotations

from pathlib import Path

from runtime.errors import Misconfigured


def make(data: Path) -> None:
    """Make *data*; raise `Misconfigured` where nothing can be kept there."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"got: DATA={data}; why not: {error.strerror or 'no folder can be made there'}; "
            "instead: name a folder in DATA that you may write to"
        ) from error
