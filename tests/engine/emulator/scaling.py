"""Application Auto Scaling's TagResource, UntagResource, ListTagsForResource; the tags of RegisterScalableTarget."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response

from tests.engine.emulator.asked import KEPT

_Response: Any = Response
_register = _Response.register_scalable_target


def patch() -> None:
    """Let what scales be tagged."""
    _Response.register_scalable_target = _registered
    _Response.list_tags_for_resource = lambda self: json.dumps({"Tags": _tags(self)})
    _Response.tag_resource = _tag
    _Response.untag_resource = _untag


def _registered(self: Any) -> str:  # noqa: ANN401 - moto has no types
    said = str(_register(self))
    if self._get_param("Tags"):
        KEPT.tags[json.loads(said)["ScalableTargetARN"]] = dict(self._get_param("Tags"))
    return said


def _tags(self: Any) -> dict[str, str]:  # noqa: ANN401 - as `_registered`
    return KEPT.tags.setdefault(self._get_param("ResourceARN"), {})


def _tag(self: Any) -> str:  # noqa: ANN401 - as `_registered`
    _tags(self).update(self._get_param("Tags"))
    return "{}"


def _untag(self: Any) -> str:  # noqa: ANN401 - as `_registered`
    for key in self._get_param("TagKeys"):
        _tags(self).pop(key, None)
    return "{}"
