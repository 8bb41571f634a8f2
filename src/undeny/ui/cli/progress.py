"""A progress bar for long scans: on a terminal, on standard error, and nothing at all in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from undeny.trail.model import Tally


class Bar:
    """Where a scan reports how far it is; draws nothing by itself."""

    def length(self, size: int | None) -> None:
        """Take the packed bytes that there are, `None` where nobody knows."""

    def history(self, region: str, events: int) -> None:
        """Take how many events of a Region's event history have come."""

    def causes(self, done: int, of: int) -> None:
        """Take how many groups have their cause."""


class _Drawn(Bar):
    def __init__(self, bar: Any, tally: Tally) -> None:
        self.bar, self.tally = bar, tally
        self.task = bar.add_task("reading", total=None)
        tally.progress = self._bytes

    def length(self, size: int | None) -> None:
        self.bar.update(self.task, total=size)

    def history(self, region: str, events: int) -> None:
        self.bar.update(self.task, description=f"event history of {region}: {events:,} events · {self.tally.denials:,} denials")

    def causes(self, done: int, of: int) -> None:
        self.bar.update(self.task, description="looking for causes", completed=done, total=of)

    def _bytes(self, count: int) -> None:
        self.bar.update(self.task, advance=count, description=f"{self.tally.events:,} events · {self.tally.denials:,} denials")


@contextmanager
def shown(tally: Tally) -> Iterator[Bar]:
    """Show a bar while the body runs, where a person looks on."""
    if not sys.stderr.isatty():
        yield Bar()
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - only on a terminal

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Drawn(bar, tally)
