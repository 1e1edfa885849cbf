"""Assets of a program as the files that Terraform's provider takes, named by what they hold."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from bridge import assets
from bridge.assets import NotHere
from bridge.document import Json
from bridge.schema import Props
from bridge.stack import ARCHIVE, SIGNATURE
from tests.engine.shape import Shape


def with_files(shape: Shape, props: Props) -> Props:
    """Return *props* with the path of a file where *shape* has an asset."""
    return {
        key: _path(value) if assets.is_asset(value) and key in shape.pulumi.by_key else value
        for key, value in props.items()
    }


def _path(value: Json) -> Json:
    """Return where the asset is; one that was deployed before and is gone has a path all the same, and no file."""
    assert isinstance(value, dict)
    folder = Path(os.environ["COMPANION_ENGINE_FILES"])
    path = folder / f"{value['hash']}{'.zip' if value[SIGNATURE] == ARCHIVE else ''}"
    if not path.exists():
        with suppress(NotHere):
            coming = path.with_name(f"{path.name}.{os.getpid()}.{id(value)}")
            coming.write_bytes(assets.file(value, Path.cwd()).data)
            coming.replace(path)
    return str(path)
