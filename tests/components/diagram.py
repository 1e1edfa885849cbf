"""Draws the layers as the program registers them: `python -m tests.components.diagram` writes docs/layers.svg.

An arrow leads from a layer to what it is told of or may call: read from what its inputs depend on, and from whose roles
the owner of a thing grants it to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape

from tests.components.engine import Created, Engine

PATH = Path(__file__).parents[2] / "docs" / "layers.svg"
SHOWN: Mapping[str, str] = {
    "aws:apigatewayv2/api:Api": "WebSocket API",
    "aws:bedrock/guardrail:Guardrail": "guardrail",
    "aws:cloudfront/distribution:Distribution": "distribution",
    "aws:cloudwatch/dashboard:Dashboard": "dashboard",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "alarms",
    "aws:budgets/budget:Budget": "budget",
    "aws:cognito/userPool:UserPool": "user pool",
    "aws:dynamodb/table:Table": "tables",
    "aws:ec2/securityGroup:SecurityGroup": "security groups",
    "aws:ec2/vpc:Vpc": "network",
    "aws:kms/key:Key": "key",
    "aws:lambda/function:Function": "functions",
    "aws:opensearch/domain:Domain": "search domain",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:sagemaker/endpoint:Endpoint": "endpoint",
    "aws:secretsmanager/secret:Secret": "secret",
    "aws:sns/topic:Topic": "topic",
    "aws:sqs/queue:Queue": "queues",
    "aws:wafv2/webAcl:WebAcl": "firewall",
}
"""What is drawn, by what it is called; all else serves one of these."""

_ABOVE, _BENEATH = ("Observability",), ("Networking", "Encryption", "Alarms")
_NAMED = ("name", "domainName", "bucket", "dashboardName")
_LETTERS = 32
_WIDTH, _BOX, _GAP, _MARGIN, _LINE, _HEAD = 960, 236, 18, 16, 17, 30
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:14px}.quiet{fill:#57606a}"
    "rect{fill:#f6f8fa;stroke:#d0d7de}path{fill:none;stroke:#8c959f;stroke-width:1.3}.back{stroke-dasharray:4 4}"
    "marker path{fill:#8c959f;stroke:none}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#8b949e}rect{fill:#161b22;stroke:#30363d}}"
)


@dataclass(frozen=True)
class Box:
    """A layer where it is drawn."""

    title: str
    lines: Sequence[str]
    x: float
    y: float
    width: float = _BOX

    @property
    def height(self) -> float:
        """Return how high it is."""
        return _height(self.lines)


def document(program: Engine) -> str:
    """Return the drawing of *program*."""
    titles = [_title(one.token) for one in program.registered if one.token == one.layer != "pulumi:providers:aws"]
    inside = {title: _lines(program, title) for title in titles}
    layers = [title for title in titles if title not in {*_ABOVE, *_BENEATH}]
    uses = {(user, used) for user, used in _uses(program) if {user, used} <= set(layers)}
    above = _row(_ABOVE, inside, _MARGIN)
    boxes = _columns(layers, inside, uses, above[0].y + above[0].height + 2 * _GAP)
    bottom = max(box.y + box.height for box in boxes.values())
    beneath = _row(_BENEATH, inside, bottom + 2 * _GAP)
    height = beneath[0].y + max(box.height for box in beneath) + _MARGIN
    arrows = _arrows(boxes, uses, layers)
    drawn = [*arrows, *(_drawn(box) for box in (*above, *boxes.values(), *beneath))]
    return _svg(height, drawn)


def _uses(program: Engine) -> Iterator[tuple[str, str]]:
    """Yield (user, used): by what inputs depend on, or, in a policy, by whose role is let to what."""
    layers = {one.name: _title(one.layer) for one in program.registered if one.token.startswith("aws:")}
    for one in program.registered:
        granted = one.token == "aws:iam/rolePolicy:RolePolicy"
        for other in {layers[name] for name in one.dependencies if name in layers} - {_title(one.layer)}:
            yield (other, _title(one.layer)) if granted else (_title(one.layer), other)


def _lines(program: Engine, title: str) -> list[str]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in program.registered:
        if _title(one.layer) == title and one.token in SHOWN:
            found[SHOWN[one.token]].append(_named(one, program.outputs["prefix"]))
    room = _LETTERS if title not in _ABOVE else _WIDTH
    return [
        line
        for word, names in sorted(found.items())
        for line in wrap(_said(word, sorted(names)), room, break_on_hyphens=False)
    ]


def _said(word: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{word.removesuffix('s')} {names[0]}".rstrip()
    return f"{len(names)} {word}" if word == "alarms" else f"{word} {', '.join(names)}"


def _named(one: Created, prefix: str) -> str:
    name = next((str(one.inputs[key]) for key in _NAMED if key in one.inputs), "")
    return name.removeprefix(prefix).lstrip("-_").partition(".")[0].partition("-1234")[0]


def _columns(
    layers: Sequence[str], inside: Mapping[str, Sequence[str]], uses: set[tuple[str, str]], top: float
) -> dict[str, Box]:
    """Put who uses others left of them, in columns; those between are low, where fewest arrows pass them by."""
    ranks = {layer: _rank(layer, layers, uses) for layer in layers}
    columns = [[one for one in layers if ranks[one] == rank] for rank in range(max(ranks.values()), -1, -1)]
    step = (_WIDTH - 2 * _MARGIN - _BOX) / (len(columns) - 1)
    highest = max(_stacked(column, inside) for column in columns)
    boxes = {}
    for number, column in enumerate(columns):
        y = top + (highest - _stacked(column, inside)) * (0.5 if number in {0, len(columns) - 1} else 1)
        for title in column:
            boxes[title] = Box(title, inside[title], _MARGIN + number * step, y)
            y += boxes[title].height + _GAP
    return boxes


def _rank(layer: str, layers: Sequence[str], uses: set[tuple[str, str]]) -> int:
    before = layers[: layers.index(layer)]
    return max((1 + _rank(used, layers, uses) for user, used in uses if user == layer and used in before), default=0)


def _stacked(column: Sequence[str], inside: Mapping[str, Sequence[str]]) -> float:
    return sum(_height(inside[title]) for title in column) + _GAP * (len(column) - 1)


def _row(titles: Sequence[str], inside: Mapping[str, Sequence[str]], y: float) -> list[Box]:
    width = (_WIDTH - 2 * _MARGIN - _GAP * (len(titles) - 1)) / len(titles)
    return [Box(one, inside[one], _MARGIN + n * (width + _GAP), y, width) for n, one in enumerate(titles)]


def _height(lines: Sequence[str]) -> float:
    return _HEAD + _LINE * max(len(lines), 1) + 4


def _arrows(boxes: Mapping[str, Box], uses: set[tuple[str, str]], layers: Sequence[str]) -> Iterator[str]:
    for user, used in sorted(uses, key=lambda pair: (layers.index(pair[0]), layers.index(pair[1]))):
        back = layers.index(user) < layers.index(used)
        left, right = (boxes[used], boxes[user]) if back else (boxes[user], boxes[used])
        x, end = left.x + left.width, right.x - 2
        start, stop = _at(left, right.y, boxes), _at(right, left.y, boxes)
        start, stop = (start + 9, stop + 9) if back else (start, stop)
        bend = (end - x) / 2
        curve = f"M{x:g},{start:g} C{x + bend:g},{start:g} {end - bend:g},{stop:g} {end:g},{stop:g}"
        ends = 'class="back" marker-start="url(#tip)"' if back else 'marker-end="url(#tip)"'
        yield f'<path d="{curve}" {ends}/>'


def _at(box: Box, towards: float, boxes: Mapping[str, Box]) -> float:
    """Return where an arrow meets the side of *box*: the higher it comes from or goes to, the higher."""
    lowest = max(one.y for one in boxes.values())
    return round(box.y + box.height * (0.2 + 0.5 * towards / lowest), 1)


def _drawn(box: Box) -> str:
    lines = box.lines or ["permissions alone"]
    texts = [f'<text class="title" x="{box.x + 12:g}" y="{box.y + 21:g}">{escape(box.title)}</text>']
    texts += [
        f'<text class="quiet" x="{box.x + 12:g}" y="{box.y + _HEAD + 10 + _LINE * number:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    frame = f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="6"/>'
    return frame + "".join(texts)


def _svg(height: float, drawn: Sequence[str]) -> str:
    tip = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z"/></marker>'
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" role="img">'
    about = "<title>The layers of the prod stack, drawn from the program</title>"
    return "\n".join([head, about, f"<style>{_STYLE}</style><defs>{tip}</defs>", *drawn, "</svg>", ""])


def _title(token: str) -> str:
    return token.rpartition(":")[2]


if __name__ == "__main__":
    from tests.components.deployed import deployed

    PATH.write_text(document(deployed("prod", "bedrock")))
