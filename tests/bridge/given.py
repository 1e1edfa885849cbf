"""What the bridge's tests begin with: exports as Pulumi writes them, and values of every kind."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import strategies

URN = "urn:pulumi:dev::companion::pulumi:pulumi:Stack::companion-dev"
CIPHERTEXT = "v1:kTqX0vnyn7cKjIEs:uG5nw0wUoQ"
SIGNATURE = "4dabf18193072939515e22adb298388d"
EVERY_KIND: dict[str, Any] = {
    "flag": True,
    "fraction": 0.1,
    "large": 12345678901234567890123456789012345678901234567890,
    "mixed": ["a", 1, None, {"a b": False, "": []}],
    "nothing": None,
    "object": {"b": {}, "a": [[]], "é": "<&>\u2028"},
    "pageUrl": "https://example.com/?a&b",
    "small": 1e-300,
    "text": 'é日本😀\\"\n\x01\b\f\x7f',
    "texts": ["a", "b"],
    "vast": 1.5e300,
}


def export(outputs: Mapping[str, Any], urn: str = URN) -> bytes:
    stack = {"urn": urn, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": outputs}
    child = {"urn": f"{urn}-child", "custom": True, "type": "aws:s3/bucket:Bucket", "outputs": {"arn": "arn"}}
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": [stack, child]}}).encode()


def signed(signature: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {SIGNATURE: signature, **more}


def encrypted() -> dict[str, Any]:
    return signed("1b47061264138c4ac30d75fd1eb44270", ciphertext=CIPHERTEXT)


def decrypted(value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return signed("1b47061264138c4ac30d75fd1eb44270", plaintext=json.dumps(value))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def write(folder: Path, outputs: Mapping[str, Any], *options: str, to: str = "terraform.tfstate") -> int:
    return command(folder, outputs, *options, to=to).returncode


def command(
    folder: Path, outputs: Mapping[str, Any], *options: str, to: str = "terraform.tfstate"
) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "bridge", "outputs", "--stack-export", "-", "--to", str(folder / to), *options]
    ran = subprocess.run(call, input=export(outputs), capture_output=True, check=False)
    return subprocess.CompletedProcess(call, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


texts = strategies.text(strategies.characters(codec="utf-8"), max_size=8)
numbers = strategies.integers(-(10**150), 10**150) | strategies.floats(allow_nan=False, allow_infinity=False)
values = strategies.recursive(
    strategies.none() | strategies.booleans() | texts | numbers,
    lambda inner: (
        strategies.lists(inner, max_size=4) | strategies.dictionaries(texts.map(_composed), inner, max_size=4)
    ),
    max_leaves=12,
)
names = strategies.from_regex(r"[a-zA-Z_][a-zA-Z0-9_-]{0,8}", fullmatch=True)
