"""The screen of many denials: one line for each group, newest first."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.emit.report import words
from undeny.iam.arn import Arn
from undeny.trail.model import Group, Tally

SHORT = 44
NARROW = 80
SURE = ("proven", "stated")


class Denials(msgspec.Struct, frozen=True, kw_only=True):
    """Groups as something that rich can print: all of them, those that are shown, and lines below."""

    groups: Sequence[Group]
    shown: Sequence[Group]
    tally: Tally
    now: datetime
    notes: Sequence[str] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the first line, the table, and what there is to say below."""
        del console
        yield Text(first_line(self.groups, self.tally), style="bold")
        if self.shown:
            yield Text()
            yield Padding(self._narrow() if options.max_width < NARROW else self._table(), (0, 0, 0, 2))
        yield Text()
        if len(self.shown) < len(self.groups):
            yield Text(f"{len(self.groups) - len(self.shown):,} more groups: --limit 0", style="dim")
        for note in self.notes:
            yield Text(note, style="dim")

    def _table(self) -> Table:
        fixes = any(group.explanation is not None for group in self.shown)
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        for ratio in (4, 6):
            table.add_column(ratio=ratio, overflow="fold")
        table.add_column(no_wrap=True)
        names = ["denials", "last", "who", "what", "cause"]
        if fixes:
            table.add_column(no_wrap=True)
            names.append("fix")
        table.add_row(*(Text(name, style="dim") for name in names))
        for group in self.shown:
            table.add_row(*map(Text, _cells(group, self.now, fixes=fixes)))
        return table

    def _narrow(self) -> Table:
        """Draw each group on lines of its own, where there is no room for columns."""
        fixes = any(group.explanation is not None for group in self.shown)
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for group in self.shown:
            many, last, *lines = _cells(group, self.now, fixes=fixes)
            table.add_row(Text(many), Text(last), Text("\n".join(lines)))
        return table


def first_line(groups: Sequence[Group], tally: Tally) -> str:
    """Say what was read and what was in it.

    >>> first_line((), Tally())
    '0 events · no denials'
    """
    events = f"{words.count(tally.events, 'event')}"
    if not tally.denials:
        return f"{events} · no denials"
    known = sum(group.denials for group in groups if group.certainty != "unknown")
    share = f"{100 * known // tally.denials} % have a cause"
    return f"{events} · {words.count(tally.denials, 'denial')} · {len(groups):,} distinct · {share}"


def ago(time: datetime | None, now: datetime) -> str:
    """Say how long ago that was, in one unit.

    >>> ago(datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 12))
    '3 h'
    """
    if time is None:
        return "–"
    seconds = max(0, int((now - time).total_seconds()))
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _cells(group: Group, now: datetime, *, fixes: bool) -> Iterator[str]:
    yield f"{group.denials:,}"
    yield ago(group.last, now)
    yield words.short_principal(group.who) + (f" ({group.sessions:,} sessions)" if group.sessions > 1 else "")
    yield f"{group.what} on {_short(group)}" if group.on or group.resources else group.what
    yield group.cause + ("" if group.certainty in SURE else "?")
    if fixes:
        yield _fix(group)


def _short(group: Group) -> str:
    if group.on is None:
        return f"{len(group.resources)} things"
    arn = Arn.parse(group.on)
    name = arn.resource if arn else group.on
    return name if len(name) <= SHORT else f"{name[: SHORT // 2 - 1]}…{name[-SHORT // 2 :]}"


def _fix(group: Group) -> str:
    fixes = group.explanation.fixes if group.explanation is not None else ()
    if not fixes:
        return "–"
    first = fixes[0]
    proved = bool(first.proofs) and all(proof.holds for proof in first.proofs)
    return (
        f"{len(fixes)} {'fix' if len(fixes) == 1 else 'fixes'}"
        + (", proved" if proved else "")
        + (f", of {first.owner}" if first.owner else "")
    )
