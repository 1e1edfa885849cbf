"""What was measured: each stage beside the same with everything waited for, and what is to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.turn.load import part

if TYPE_CHECKING:
    from bench.voice.command import Turn

BAR_MS, OVER_MS = 1_500.0, 5.0
_PERCENTS = (50, 95)
_STAGES = {
    "ended": "the turn is taken for over",
    "token": "the model's first token",
    "chunk": "the first clause",
    "voice": "the voice's first byte",
}


@dataclass(frozen=True, slots=True)
class Late:
    """How many ms a first audio came too late by the *pipeline*, and *alone* by waiting on this machine; its CPU."""

    pipeline: float
    alone: float
    work: float


def summary(early: dict[str, list[Turn]], late: list[Turn], over: Sequence[Late]) -> dict[str, Any]:
    """Return the percentiles of all that was measured."""
    whole = early["whole"]
    allowed, share = allowing(whole)
    return {
        "companion": stages(whole),
        "waiting": stages(late),
        "by_words": {kind: percentiles([turn.total for turn in turns]) for kind, turns in early.items()},
        "first_token_allowing_ms": round(allowed),
        "share_allowed": round(share, 3),
        "share_below_bar": round(sum(turn.total < BAR_MS for turn in whole) / len(whole), 3),
        "overhead_ms": percentiles([late.pipeline for late in over]),
        "waiting_alone_ms": percentiles([late.alone for late in over]),
        "overhead_cpu_ms": percentiles([late.work for late in over]),
    }


def stages(turns: Sequence[Turn]) -> dict[str, dict[str, float]]:
    """Return the percentiles of each stage and of the whole."""
    found = {stage: percentiles([getattr(turn, stage) for turn in turns]) for stage in _STAGES}
    return {**found, "total": percentiles([turn.total for turn in turns])}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {f"p{percent}": round(part(list(values), percent), 2) for percent in _PERCENTS}


def allowing(turns: Sequence[Turn]) -> tuple[float, float]:
    """Return the slowest first token up to which 95 % of the turns stay below the bar, and which share that is."""
    ordered, allowed = sorted(turns, key=lambda turn: turn.token), 0
    above = 0
    for number, turn in enumerate(ordered, 1):
        above += turn.total >= BAR_MS
        if above <= 0.05 * number:
            allowed = number
    return (ordered[allowed - 1].token if allowed else 0.0), allowed / len(ordered)


def table(found: dict[str, Any]) -> str:
    """Return the table for people."""
    ours, others, words = found["companion"], found["waiting"], found["by_words"]
    lines = [f"{'ms from the end of speech, p50 / p95':<46}{'companion':>16}{'waiting':>16}"]
    lines += [_row(title, ours[stage], others[stage]) for stage, title in _STAGES.items()]
    lines.append(_row("voice to voice, with 40 ms of jitter buffer", ours["total"], others["total"]))
    lines.append(_row("  words that may go on", words["unclear"]))
    lines.append(_row("  words that have to go on", words["open"]))
    token, share = found["first_token_allowing_ms"], found["share_allowed"]
    below = f"p95 < {BAR_MS:,.0f} ms of the turns whose first token takes at most {token:,} ms"
    lines.append(f"{below}: {share:.0%} of all; below it: {found['share_below_bar']:.0%}")
    late, alone, work = (_pair(found[key]) for key in ("overhead_ms", "waiting_alone_ms", "overhead_cpu_ms"))
    lines.append(f"later than the critical path, on the real clock: {late} ms (to reach: <= {OVER_MS:.0f})")
    lines.append(f"  who only waits: {alone} ms; the pipeline's CPU: {work} ms")
    return "\n".join(lines)


def _row(title: str, *columns: dict[str, float]) -> str:
    return f"{title:<46}" + "".join(f"{_pair(column, 0):>16}" for column in columns)


def _pair(column: dict[str, float], digits: int = 1) -> str:
    return " / ".join(f"{column[f'p{percent}']:,.{digits}f}" for percent in _PERCENTS)
