"""The safetensors format, read without copying: a header of JSON, then the tensors as they are in memory."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runtime.errors import Misconfigured

_KINDS: Final[dict[str, np.dtype[Any]]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "F64": np.dtype("<f8")}
_LENGTH: Final = 8


def tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the floating-point tensors of the file at *path* by name; those in 32 bits stay where the file is mapped.

    Raises `Misconfigured` for what is not such a file.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        start = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
        header = json.loads(data[_LENGTH:start])
        return {name: _tensor(data, start, told) for name, told in header.items() if told.get("dtype") in _KINDS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Misconfigured(
            f"got: {path}; why not: it is no file of safetensors ({type(error).__name__}); instead: make model"
        ) from error


def _tensor(data: mmap.mmap, start: int, told: dict[str, Any]) -> NDArray[Any]:
    kind, (first, end) = _KINDS[told["dtype"]], told["data_offsets"]
    flat = np.frombuffer(data, kind, (end - first) // kind.itemsize, start + first)
    return flat.reshape(told["shape"]).astype(np.float32, copy=False)
