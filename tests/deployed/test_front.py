"""Which origin a path of the distribution is asked of."""

from __future__ import annotations

import pytest

from tests.deployed.front import Distribution

TOLD = {
    "DefaultCacheBehavior": {"TargetOriginId": "page"},
    "CacheBehaviors": {"Quantity": 1, "Items": [{"PathPattern": "/ws", "TargetOriginId": "socket"}]},
    "Origins": {"Items": [{"Id": "page"}, {"Id": "socket"}]},
}


@pytest.mark.parametrize(("path", "origin"), [("/", "page"), ("/views/talk.js", "page"), ("/ws", "socket")])
def test_the_socket_s_path_leads_to_the_socket_and_all_else_to_the_page(path: str, origin: str) -> None:
    assert Distribution(TOLD, {}).origin(path) == {"Id": origin}
