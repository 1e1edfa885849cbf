"""One stack under Pulumi's engine: what is asked of it, and what the engine said it did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.project import Project

Event = Mapping[str, Any]
_NOTHING = frozenset({"same", "read", "refresh"})


@dataclass(frozen=True)
class Told:
    """How an operation went: its exit *code*, what it *said* to people, and the engine's *events*."""

    code: int
    said: str = field(repr=False)
    events: tuple[Event, ...] = field(repr=False)

    @property
    def summary(self) -> str:
        """What it said at the end: errors, and what was changed."""
        ended = [self.said.find(title) for title in ("Diagnostics:", "Resources:") if title in self.said]
        return self.said[min(ended, default=0) :]

    @property
    def done(self) -> Mapping[str, int]:
        """What was done, or would be, and to how many resources."""
        return Counter(step["op"] for step in self.steps if step["op"] not in _NOTHING)

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        """Each step that was taken, or would be."""
        name = "resourcePreEvent"
        return [event[name]["metadata"] for event in self.events if name in event]

    def made(self, token: str) -> bool:
        """Say whether something of the type *token* was made, or would be."""
        return any(step["type"] == token and step["op"].startswith("create") for step in self.steps)

    @property
    def changes(self) -> Mapping[str, int]:
        """What the engine sums up at the end, but for what stayed the same."""
        (summary,) = [event["summaryEvent"] for event in self.events if "summaryEvent" in event]
        return {op: number for op, number in summary["resourceChanges"].items() if op != "same"}

    @property
    def violations(self) -> Iterator[tuple[str, str]]:
        """Yield each policy that was broken, with the type of what breaks it."""
        for event in self.events:
            if "policyEvent" in event:
                told = event["policyEvent"]
                yield told["policyName"], str(told.get("resourceUrn", "")).split("::")[2].rpartition("$")[2]


@dataclass(frozen=True)
class Stack:
    """The stack *name* of *project*."""

    project: Project
    name: str

    def create(self) -> None:
        """Make it known, without anything in it."""
        made = self.project.pulumi_run("stack", "init", self.name)
        assert made.returncode == 0, made.stdout

    def preview(self, *options: str) -> Told:
        """Ask what `up` would do."""
        return self._run("preview", *options)

    def up(self, *options: str) -> Told:
        """Make what the program says."""
        return self._run("up", "--yes", "--skip-preview", *options)

    def refresh(self, *options: str) -> Told:
        """Read again what is there."""
        return self._run("refresh", "--yes", "--skip-preview", *options)

    def destroy(self, *options: str) -> Told:
        """Remove everything, after a preview: without one only what is protected would be spared."""
        return self._run("destroy", "--yes", *options)

    def export(self, *options: str) -> bytes:
        """Return what `pulumi stack export` prints."""
        path = self.project.folder / "export.json"
        ran = self.project.pulumi_run("stack", "export", "--stack", self.name, "--file", str(path), *options)
        assert ran.returncode == 0, ran.stdout
        try:
            return path.read_bytes()
        finally:
            path.unlink()

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What the program exported, secrets in plain."""
        resources = json.loads(self.export("--show-secrets"))["deployment"]["resources"]
        (stack,) = [one for one in resources if one["type"] == "pulumi:pulumi:Stack"]
        return dict(stack["outputs"])

    def _run(self, operation: str, *options: str) -> Told:
        log = self.project.folder / f"{operation}.events"
        log.unlink(missing_ok=True)
        named = ["--stack", self.name, "--event-log", str(log), "--suppress-outputs", "--parallel", "16"]
        ran = self.project.pulumi_run(operation, *named, *options)
        return Told(ran.returncode, ran.stdout, tuple(_events(log)))


def _events(log: Path) -> Iterator[Event]:
    for line in log.read_text().splitlines() if log.exists() else ():
        yield json.loads(line)
