"""Values as Terraform's type system has them, and their types.

A value is made canonical first: text in Unicode's NFC, keys in order, numbers as plain digits. That is what Terraform
would make of it while reading, so what it reads and what we wrote are the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from decimal import Decimal, InvalidOperation

from bridge.document import Json, Number
from bridge.refused import Refused

# Terraform calculates with 512 bits, which keep every number of so many digits; what is longer, it would round.
_MOST_DIGITS = 153
_MOST_ZEROS = 1_000


def type_of(value: Json) -> Json:
    """Give *value* the type of the literal that would say it: tuples and objects, never lists and maps."""
    match value:
        case dict():
            return ["object", {key: type_of(item) for key, item in value.items()}]
        case list():
            return ["tuple", [type_of(item) for item in value]]
        case bool():
            return "bool"
        case str():
            return "string"
        case Number():
            return "number"
        case _:
            return "dynamic"


def canonical(value: Json, where: str) -> Json:
    """Say *value*, found at *where*, as Terraform would write it after reading it."""
    match value:
        case dict():
            keys = _keys(value, where)
            return {keys[key]: canonical(value[key], f"{where}.{key}") for key in sorted(value, key=keys.__getitem__)}
        case list():
            return [canonical(item, f"{where}[{index}]") for index, item in enumerate(value)]
        case str():
            return unicodedata.normalize("NFC", value)
        case Number():
            return _digits(value, where)
        case _:
            return value


def _keys(value: dict[str, Json], where: str) -> dict[str, str]:
    keys = {key: unicodedata.normalize("NFC", key) for key in value}
    for key, times in Counter(keys.values()).items():
        if times > 1:
            raise Refused.because(
                got=f"{where} with {times} keys that all read {key!r}",
                why="they differ in how Unicode composes them, and Terraform sees one key",
                instead="rename all but one",
            )
    return keys


def _digits(number: Number, where: str) -> Number:
    try:
        exact = Decimal(number.text)
    except InvalidOperation as error:
        raise _too_exact(where) from error
    if not exact:
        return Number("0")
    digits = len("".join(map(str, exact.as_tuple().digits)).rstrip("0"))
    if digits > _MOST_DIGITS or abs(exact.adjusted()) > _MOST_ZEROS:
        raise _too_exact(where)
    text = f"{exact:f}"
    return Number(text.rstrip("0").rstrip(".") if "." in text else text)


def _too_exact(where: str) -> Refused:
    return Refused.because(
        got=f"{where}, a number of more than {_MOST_DIGITS} digits or beyond 1e±{_MOST_ZEROS}",
        why="Terraform calculates with 512 bits and would round it",
        instead="export it as a string",
    )
