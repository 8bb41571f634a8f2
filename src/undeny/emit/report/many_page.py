"""One change for many denials on a terminal: what it comes to, the denials by number, each owner's part, what is left."""

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from undeny.denial.model import Denial
from undeny.emit.report import page, terminal, words
from undeny.fix.model import PolicyEdit
from undeny.many import AllFixes

SHOWN = 20
"""Denials that the page lists; the JSON has them all."""


class Many:
    """One change for many denials as something that rich can print. `full` shows every line of every edit."""

    def __init__(self, found: AllFixes, *, full: bool = False) -> None:
        self.found = found
        self.full = full

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the blocks in the order in which they are read."""
        del console
        yield Text(headline(self.found), style="bold")
        yield Text()
        yield _denials(self.found.denials, full=self.full)
        yield Text()
        for number, part in enumerate(self.found.fixes, 1):
            yield from terminal.fix_rows(
                page.fix_block(number, part), len(self.found.fixes), options.max_width, short=False, full=self.full
            )
            yield Text(f"     serves {ranges(part.serves)}", style="dim")
        for one in self.found.left:
            yield Text(f"left   {one.number}: {one.why}", style="yellow")
        yield Text()
        yield Text("Nothing was changed. As code: undeny fix --all SOURCE --as terraform", style="dim")


def headline(found: AllFixes) -> str:
    """Say in one line what it comes to."""
    documents = {(c.layer, c.target, c.policy) for part in found.fixes for c in part.changes if isinstance(c, PolicyEdit)}
    served = {n for part in found.fixes for n in part.serves}
    what = [f"{len(documents)} {'document' if len(documents) == 1 else 'documents'} to change"] if documents else []
    calls = sum(all(not isinstance(c, PolicyEdit) for c in part.changes) for part in found.fixes)
    what += [f"{calls} {'call' if calls == 1 else 'calls'} or settings to change"] if calls else []
    many = f"{len(served)} of {len(found.denials)} denials" if len(served) < len(found.denials) else f"all {len(found.denials)} denials"
    return f"one change for {many}: {', '.join(what) or 'no fix is known'}"


def ranges(numbers: tuple[int, ...]) -> str:
    """Write numbers shortly.

    >>> ranges((1, 2, 3, 5, 7, 8))
    '1-3, 5, 7-8'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _denials(denials: tuple[Denial, ...], *, full: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim")
    for _ in range(3):
        table.add_column(overflow="fold")
    shown = denials if full or len(denials) <= SHOWN + 1 else denials[:SHOWN]
    for number, one in enumerate(shown, 1):
        table.add_row(str(number), words.short_principal(one.principal), one.action or one.operation or "not said", one.resource or "")
    if len(shown) < len(denials):
        table.add_row("", f"and {len(denials) - len(shown)} more: --verbose")
    return table
