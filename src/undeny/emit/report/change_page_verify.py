"""What verifying came to: a matrix of accounts, roles and Regions; a path under load; a watch."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from undeny.change.combinations import Cell, Matrix
from undeny.change.loading import Loaded, Part
from undeny.change.watching import Sighting, Watch
from undeny.emit.report import words
from undeny.emit.report.change_page import VERIFIED, _row

MARKS = {"allowed": "✓", "denied": "✗", "unknown": "?", "not_checked": "–"}
_STYLES = {"allowed": "green", "denied": "red", "unknown": "yellow", "not_checked": "dim"}


def matrix_lines(matrix: Matrix) -> Iterator[Table | Text]:
    """Give the answer, the matrix with its marks, then each cell that is not allowed with its own cause."""
    many = len(matrix.cells)
    open_ = [cell for cell in matrix.cells if cell.verification.verified not in ("allowed", "denied")]
    said = f"still denied in {len(matrix.denied)} of {many}" if matrix.denied else f"allowed in {many - len(open_)} of {many}"
    yield Text(f"{matrix.action}: {said}" + (f", not known in {len(open_)}" if open_ else ""), style="bold")
    regions = tuple(dict.fromkeys(cell.region for cell in matrix.cells))
    table = Table.grid(padding=(0, 2))
    for _ in range(2 + len(regions)):
        table.add_column(no_wrap=True)
    table.add_row("", "", *regions)
    rows: dict[tuple[str, str], dict[str, Cell]] = {}
    for cell in matrix.cells:
        rows.setdefault((cell.account, cell.principal), {})[cell.region] = cell
    last = ""
    for (account, principal), cells in rows.items():
        marks = [_mark(cells.get(region)) for region in regions]
        table.add_row("" if account == last else account, _name(principal), *marks)
        last = account
    yield table
    for cell in (*matrix.denied, *open_):
        where = f"{cell.account} {_name(cell.principal)} {cell.region}"
        cause = f" [{cell.verification.cause}]" if cell.verification.cause else ""
        yield _row(MARKS[cell.verification.verified], f"{where}{cause}: {cell.verification.how}", _STYLES[cell.verification.verified])
        for need in cell.verification.needs if cell.verification.verified == "unknown" else ():
            yield _row("", f"to settle it: {need}")
    by = tuple(dict.fromkeys(cell.verification.by for cell in matrix.cells if cell.verification.by))
    yield _row("how", "; ".join(by) or "nothing was asked")


def _mark(cell: Cell | None) -> Text:
    if cell is None:
        return Text(" ")
    return Text(MARKS[cell.verification.verified], style=_STYLES[cell.verification.verified])


def _name(principal: str) -> str:
    return principal.rpartition("/")[2] if ":assumed-role/" not in principal else principal.split("/")[-2]


def load_lines(loaded: Loaded) -> Iterator[Table | Text]:
    """Give the answer, then latency and denials of each kind of session, by cause."""
    bad = loaded.denied + loaded.failed
    said = f"{bad:,} of {loaded.asked:,} calls did not go through" if bad else f"all {loaded.asked:,} calls went through"
    yield Text(f"{loaded.call}: {said} ({loaded.error_rate:.2%})", style="red" if bad else "green")
    yield _row("load", f"{loaded.sessions} sessions, {loaded.seconds:.0f} s, {loaded.asked / max(loaded.seconds, 0.1):.1f} calls a second")
    yield _row("kept", _part(loaded.cached))
    yield _row("afresh", _part(loaded.fresh))
    for one in loaded.denials:
        which = f"{one.cached} with kept credentials, {one.fresh} with fresh ones, between second {one.first:g} and {one.last:g}"
        yield _row("denied", f"{one.calls:,} times [{one.cause}]: {which}", "red")
        yield _row("", one.text)
    for code, many in loaded.failures.items():
        yield _row("failed", f"{many:,} times `{code}`", "yellow")
    for race in loaded.races:
        yield _row("race", race, "yellow")


def _part(part: Part) -> str:
    if part.p50 is None:
        return "no calls"
    return f"{part.calls:,} calls: half within {part.p50:g} ms, 95 % {part.p95:g}, 99 % {part.p99:g}, slowest {part.slowest:g}"


def watch_lines(watch: Watch, now: datetime) -> Iterator[Table | Text]:
    """Give how the watch stands: the answer, what came back, how well it looked."""
    if watch.returned:
        yield Text(f"the denial came back: {words.count(len(watch.returned), 'time')} since {_time(watch.begun)}", style="red")
    else:
        until = "it is over" if watch.over else f"until {_time(watch.until)}, {_span(watch.until - now)} to go"
        yield Text(f"the denial has not come back since {_time(watch.begun)}; {until}", style="green")
    yield _row("watched", f"{watch.mark.action} on {watch.mark.resource or 'anything'} by {watch.mark.principal or 'anybody'}")
    if watch.mark.cause:
        yield _row("", f"where the refusal states another kind of policy than `{watch.mark.cause}`, it is another denial")
    for one in watch.returned:
        yield sighting_line(one)
    looked = f"{words.count(watch.looks, 'look')}, the longest time between two {_span(timedelta(seconds=watch.longest_gap))}"
    failed = f"; {words.count(watch.failed, 'look')} failed, and the next one asked for that time again" if watch.failed else ""
    yield _row("looked", looked + failed)


def sighting_line(one: Sighting) -> Table:
    """Give one denial that came back."""
    who = f" by {one.principal}" if one.principal else ""
    on = f" on {one.resource}" if one.resource else ""
    return _row("back", f"{_time(one.time)} {one.action}{on}{who}, event {one.event}" + (f" [{one.cause}]" if one.cause else ""), "red")


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _span(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


__all__ = ["MARKS", "VERIFIED", "load_lines", "matrix_lines", "sighting_line", "watch_lines"]
