"""The page of a network path: drawn hop by hop, the block marked where it stands, the changes below; and the same as plain data."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.emit.report import words
from undeny.evidence.model import Gap
from undeny.reach.addresses import text as addresses
from undeny.reach.data import how
from undeny.reach.model import Change, Hop, Path, Reach, Source, Step

NARROW = 80
MARKS = {"open": ("✓", "green"), "blocked": ("✗", "red"), "unknown": ("?", "yellow")}
HEADS = {"reachable": ("open", "green"), "blocked": ("blocked", "red"), "unknown": ("unknown", "yellow")}
NAMES = {
    "dns": "DNS", "security-group": "security group", "network-acl": "network ACL", "route-table": "route", "nat-gateway": "NAT gateway",
    "gateway-endpoint": "endpoint",
    "interface-endpoint": "endpoint", "endpoint-policy": "endpoint policy", "internet-gateway": "internet gw",
    "egress-only-internet-gateway": "egress-only gw", "block-public-access": "public access", "peering": "peering",
    "transit-gateway": "transit gw", "interface": "interface", "elsewhere": "beyond", "destination": "interface", "source": "source",
}  # fmt: skip
ARROWS = {"out": "→", "in": "→", "return": "←", "": " "}


class NetworkScreen:
    """An answer as something that rich can print. `full` draws every way; else ways that are all alike are drawn once."""

    def __init__(self, found: Reach, *, read_from: str = "", full: bool = False, analyzer: Mapping[str, Any] | None = None) -> None:
        self.found = found
        self.read_from = read_from
        self.full = full
        self.analyzer = analyzer

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the blocks in the order in which they are read."""
        del console
        yield _headline(self.found)
        shown = self.found.paths if self.full else _telling(self.found.paths)
        for path in shown:
            yield Text()
            yield from _path(path, narrow=options.max_width < NARROW)
        if len(shown) < len(self.found.paths):
            alike = len(self.found.paths) - len(shown)
            yield Padding(Text(f"{alike} more way{'s are' if alike > 1 else ' is'} not drawn: --verbose", style="dim"), (0, 0, 0, 2))
        for number, change in enumerate(self.found.changes, 1):
            yield Text()
            yield from _change(change, number, len(self.found.changes), options.max_width)
        yield from _settle(self.found.missing)
        if self.analyzer is not None:
            yield from _compared(self.analyzer)
        yield Text()
        yield Text(self._footer(), style="dim")

    def _footer(self) -> str:
        hops = sum(len(path.hops) for path in self.found.paths)
        unseen = f"not seen: {'; '.join(gap.what for gap in self.found.missing)}" if self.found.missing else "nothing on the way was unread"
        return (
            f"{words.count(hops, 'hop')} looked at, {self.read_from or 'from evidence'}; {unseen}. No packet was sent, nothing was changed."
        )


def _headline(found: Reach) -> Table:
    word, style = HEADS[found.verdict]
    mark = f"[{found.code}]:" if found.code else ":"
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    body = Text(found.summary, style="bold")
    body.append(f"\n{status(found)}", style="dim")
    table.add_row(Text.assemble((word, f"bold {style}"), mark), body)
    return table


def status(found: Reach) -> str:
    """Say how sure the answer is, and which of Reachability Analyzer's codes it has."""
    blocks = [hop for path in found.paths for hop in path.blocked]
    codes = ", ".join(dict.fromkeys(hop.code for hop in blocks if hop.code))
    if found.verdict == "blocked":
        return f"proven · {codes or 'no code of Reachability Analyzer'}"
    if found.verdict == "unknown":
        return "not decided (exit 4)" + (f" · blocks on a way that may be taken: {codes}" if codes else "")
    return "proven, as far as AWS's settings go: whether something answers there, they do not say"


def _telling(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Give the ways that are worth drawing: the blocked ones, one of each destination."""
    shown: dict[tuple[str, str, tuple[str, ...]], Path] = {}
    for path in sorted(paths, key=lambda one: {"blocked": 0, "unknown": 1, "reachable": 2}[one.verdict]):
        key = (path.destination.name, path.verdict, tuple(f"{hop.kind}{hop.code}" for hop in path.hops if hop.verdict != "open"))
        shown.setdefault(key, path)
    kept = list(shown.values())
    return tuple(path for path in paths if path in kept)


def source_words(source: Source) -> str:
    """Say where packets start."""
    place = f"{source.interface} in {source.subnet}" if source.interface else source.subnet
    return f"{addresses(source.ranges)}, {place}, {source.vpc}" if source.ranges else f"{place}, {source.vpc}"


def _path(path: Path, *, narrow: bool) -> Iterator[Padding | Text]:
    to = path.destination
    port = f" {to.protocol} {to.port or 443}" if not to.protocol.startswith("icmp") else f" {to.protocol}"
    why = f" ({to.why})" if to.why else ""
    if path.when:
        yield Padding(Text(f"if {path.when}", style="yellow"), (0, 0, 0, 2))
    yield Padding(Text.assemble((path.source.name, "bold"), f"  {source_words(path.source)}"), (0, 0, 0, 2))
    there = [hop for hop in path.hops if hop.direction != "return"]
    back = [hop for hop in path.hops if hop.direction == "return"]
    yield Padding(_hops(there, narrow=narrow), (0, 0, 0, 2))
    yield Padding(Text.assemble("▼ ", (f"{to.host or to.name}", "bold"), f"{port}{why}"), (0, 0, 0, 2))
    if back:
        yield Padding(_hops(back, narrow=narrow), (0, 0, 0, 2))
        yield Padding(Text.assemble("▲ ", ("answers", "dim")), (0, 0, 0, 2))


def _hops(hops: Iterable[Hop], *, narrow: bool) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    if not narrow:
        table.add_column(no_wrap=True, style="dim", min_width=16)
    table.add_column(ratio=1, overflow="fold")
    for hop in hops:
        mark, style = MARKS[hop.verdict]
        body = Text(hop.says, style="red" if hop.verdict == "blocked" else "")
        if hop.code:
            body.append(f"  {hop.code}", style="bold red")
        if hop.note:
            body.append(f"\n{hop.note}", style="dim" if hop.verdict == "open" else "yellow")
        name = f"{NAMES[hop.kind]} {ARROWS[hop.direction]}".rstrip()
        if narrow:
            table.add_row("│", Text(mark, style=f"bold {style}"), Text.assemble((f"{name}: ", "dim"), body))
        else:
            table.add_row("│", Text(mark, style=f"bold {style}"), name, body)
    return table


def _change(change: Change, number: int, many: int, width: int) -> Iterator[Table | Padding]:
    head = Table.grid(padding=(0, 2, 0, 0), expand=True)
    head.add_column(no_wrap=True)
    head.add_column(ratio=1, overflow="fold")
    head.add_row(Text(f"change {number} of {many}" if many > 1 else "change", style="bold green"), Text(change.title, style="bold"))
    yield head
    for step in change.steps:
        yield Padding(Text(f"+ {command(step)}", style="green", overflow="fold"), (0, 0, 0, 5))
    rows = [("proved", _proved(change))]
    shut = [one.what for one in change.neighbours if one.after == "blocked"]
    rows += [("shut", Text(f"{' · '.join(shut)}: still blocked"))] if shut else []
    for label, told, style in (("wider", change.wider, "yellow"), ("guard", change.guard, "yellow"), ("costs", change.costs, "")):
        rows += [(label, Text(told, style=style))] if told else []
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=7, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for row in rows:
        table.add_row(*row)
    del width
    yield Padding(table, (0, 0, 0, 5))


_SPECIAL = {"Egress": ("--egress", "--ingress"), "SourceDestCheck": ("--source-dest-check", "--no-source-dest-check")}
"""Parameters that the AWS CLI writes in a way of its own, for true and for false."""
_MADE = {"sg": "GROUP", "nat": "NAT", "eipalloc": "ALLOCATION"}
_GIVES = {
    "CreateSecurityGroup": ("sg", "GroupId"), "CreateNatGateway": ("nat", "NatGateway.NatGatewayId"),
    "AllocateAddress": ("eipalloc", "AllocationId"),
}  # fmt: skip
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def command(step: Step) -> str:
    """Give a step as a command of the AWS CLI, which works as printed; what a step before makes stands as `$NAME`.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-types.html
    """
    service, _, operation = step.operation.partition(":")
    words_ = ["aws", service, _WORD.sub("-", operation).lower()]
    for key, value in step.parameters.items():
        words_.extend(_parameter(key, value))
    line = re.sub(r"\b(sg|nat|eipalloc)-new[\w-]*", lambda found: f"${_MADE[found.group(1)]}", " ".join(words_))
    made = _GIVES.get(operation)
    return f"{_MADE[made[0]]}=$({line} --query {made[1]} --output text)" if made else line


def _parameter(key: str, value: Any) -> tuple[str, ...]:
    name = f"--{_WORD.sub('-', key).lower()}"
    if key in _SPECIAL:
        told = value["Value"] if isinstance(value, Mapping) else value
        return (_SPECIAL[key][0 if told else 1],)
    if isinstance(value, bool):
        return (name if value else f"--no-{name[2:]}",)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return (name, *map(shlex.quote, value))
    if isinstance(value, Mapping | list):
        return (name, shlex.quote(msgspec.json.encode(value).decode()))
    return (name, shlex.quote(str(value)))


def _proved(change: Change) -> Text:
    line = Text()
    for name, holds in (("enough", change.suffices), ("all of it needed", change.needed), ("opens nothing else tried", not change.wider)):
        mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[holds]
        line.append(" · " if line else "", style="dim")
        line.append(f"{name} ".replace(" ", "\u00a0"))
        line.append(mark, style=style)
    if change.suffices is None:
        line.append(" unless what was not seen blocks too", style="yellow")
    return line


def _settle(missing: tuple[Gap, ...]) -> Iterator[Text | Padding]:
    if not missing:
        return
    yield Text()
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=9, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for i, gap in enumerate(missing):
        table.add_row("to settle" if i == 0 else "", Text(f"{gap.what}: {how(gap)}"))
    yield Padding(table, (0, 0, 0, 2))


def _compared(told: Mapping[str, Any]) -> Iterator[Text]:
    yield Text()
    agrees = {True: ("agrees", "green"), False: ("does not agree", "red"), None: ("cannot be compared", "yellow")}[told.get("agrees")]
    codes = ", ".join(told.get("codes", ())) or "no explanation"
    yield Text.assemble("  Reachability Analyzer ", agrees, f": {told.get('verdict')} ({codes}), analysis {told.get('analysis')}")
