"""What was measured as a table for people: both sides, the ratio or difference, and what is to be reached."""

from __future__ import annotations

from typing import Any


def table(found: dict[str, Any]) -> str:
    """Return the table for *found*."""
    return "\n".join(_row(*row) for row in (("", "companion", "plain", "", "to reach"), *_rows(found)))


def split(parts: dict[str, tuple[float, float]]) -> str:
    """Return a line that says how long each part of a recall took, after an idle moment and right after another."""
    sums = (sum(column) for column in zip(*parts.values(), strict=True))
    pairs = {**parts, "together": tuple(sums)}
    told = ", ".join(f"{part} {cold:.2f} ({hot:.2f})" for part, (cold, hot) in pairs.items())
    return f"a recall after an idle moment (right after another), ms: {told}"


def _rows(found: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    ours, plain = found["companion"], found["plain"]
    rows = []
    for sessions in ours["overhead_ms_p50"]:
        of = f"{sessions} session" + "s" * (sessions != "1")
        for percent in (50, 95):
            a, b = (side[f"overhead_ms_p{percent}"][sessions] for side in (ours, plain))
            reach = "<= 2" if percent == 50 else "<= plain + 3" if sessions == "300" else ""
            rows.append(
                (f"above the critical path, p{percent}, {of}", f"{a:.2f} ms", f"{b:.2f} ms", f"{a - b:+.2f}", reach)
            )
    a, b = ours["cpu_ms_per_turn"], plain["cpu_ms_per_turn"]
    rows.append(("CPU a turn, without waiting", f"{a:.2f} ms", f"{b:.2f} ms", f"x {a / b:.1f}", "<= x 4"))
    kb, late = ours["kb_per_session"], ours["socket_overhead_ms_p50"]
    rows.append(("memory a session with its socket", f"{kb:.0f} KB", "", "", "<= 50"))
    rows.append(("through socket, queue and worker, p50", f"{late:.2f} ms", "", "", "<= 6"))
    return rows


def _row(what: str, ours: str, plain: str, ratio: str, reach: str) -> str:
    return f"{what:<46} {ours:>11} {plain:>11} {ratio:>8}  {reach}".rstrip()
