"""A page on a terminal: 100 columns where there is room, whole at 60, the same words without colour in a pipe."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.emit.report import words
from undeny.emit.report.excerpt import Excerpt, excerpt_of
from undeny.emit.report.page import NOTHING_CHANGES, PROOF_WORDS, UNPROVED, DiffLine, FixBlock, LayerMark, Page, RequestLine, page_of
from undeny.pipeline import Walk

LINES_OF_A_DIFF = 24
LABEL = 9
NARROW = 80
MORE_SHOWN = 5


class Screen:
    """A page as something that rich can print. `full` shows every line of every fix and all that was ruled out."""

    def __init__(self, walk: Walk, *, full: bool = False) -> None:
        self.page = page_of(walk)
        self.excerpt = excerpt_of(walk)
        self.full = full

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the blocks in the order in which they are read."""
        page = self.page
        yield _headline(page) if options.max_width >= NARROW else _narrow_headline(page)
        yield Text()
        if page.facts:
            yield _labelled(page.facts)
            yield Text()
        if page.requests:
            yield from _requests(page.requests)
            yield Text()
        if self.excerpt:
            yield from _excerpt(self.excerpt, options.max_width)
            yield Text()
        yield from self._reasons()
        for block in page.fixes:
            yield from fix_rows(block, len(page.fixes), options.max_width, short=not self.full and block.number > 1, full=self.full)
        if page.fixes:
            yield Text()
        yield from _end(page)

    def _reasons(self) -> Iterable[Padding | Text]:
        page = self.page
        rows: list[tuple[str, str]] = []
        rows += [(word, text) for word, text in map(_because, page.because)]
        title = "likeliest" if not page.sure else "as well"
        rows += [(title if i == 0 else "", f"{i + 1}  {code}: {text}") for i, (code, text) in enumerate(page.likeliest)]
        ruled = page.not_this if self.full else page.not_this[:3]
        rows += [("not this" if i == 0 else "", text) for i, text in enumerate(ruled)]
        rows += [("but" if i == 0 else "", text) for i, text in enumerate(page.disagreement)]
        settle = page.settle if self.full else page.settle[:4]
        rows += [("to settle" if i == 0 else "", f"{what}: {how}") for i, (what, how) in enumerate(settle)]
        more = page.more if self.full else page.more[:MORE_SHOWN]
        rows += [("also" if i == 0 else "", text) for i, text in enumerate(more)]
        if len(page.more) > len(more):
            rows.append(("", f"and {len(page.more) - len(more)} more: --all explains each"))
        if rows:
            yield _labelled(rows, width=10)
            yield Text()


def _because(line: str) -> tuple[str, str]:
    first, _, rest = line.partition(" ")
    return (first, rest) if first in ("because", "and", "so", "but") and rest else ("", line)


def _headline(page: Page) -> Table:
    mark = page.code if page.sure else f"{page.code}?"
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=len(mark) < LABEL * 4, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    head = Text.assemble(("denied", "bold red"), f"[{mark}]:")
    body = Text(page.summary, style="bold")
    body.append("\n")
    body.append(page.status, style="yellow" if not page.sure else "dim")
    table.add_row(head, body)
    return table


def _narrow_headline(page: Page) -> Group:
    """Write the headline over the whole width: a second column would leave it no room."""
    mark = page.code if page.sure else f"{page.code}?"
    head = Text.assemble(("denied", "bold red"), f"[{mark}]: ", (page.summary, "bold"))
    return Group(head, Padding(Text(page.status, style="yellow" if not page.sure else "dim"), (0, 0, 0, 2)))


def _labelled(rows: Iterable[tuple[str, str]], width: int = LABEL - 3) -> Padding:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=width, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    return Padding(table, (0, 0, 0, 2))


def _marks(marks: Iterable[LayerMark]) -> Text:
    line = Text()
    for one in marks:
        if line:
            line.append("   ")
        line.append(f"{one.name} ".replace(" ", "\u00a0"), style="dim" if one.tone == "dim" else "")
        line.append(one.mark, style=f"bold {one.tone}" if one.tone != "dim" else "dim")
    return line


def _requests(rows: tuple[RequestLine, ...]) -> Iterable[Padding]:
    if len(rows) == 1:
        line = _marks(rows[0].marks)
        yield Padding(line, (0, 0, 0, 2))
        yield Padding(Text(words.LEGEND, style="dim"), (0, 0, 0, 2))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for row in rows:
        body = Text(f"on {row.resource}\n")
        body.append_text(_marks(row.marks))
        if row.note:
            body.append(f"\n{row.note}", style="dim")
        table.add_row(Text(row.action, style="bold"), body)
    yield Padding(table, (0, 0, 0, 2))
    yield Padding(Text(words.LEGEND, style="dim"), (0, 0, 0, 2))


def _excerpt(found: Excerpt, width: int) -> Iterable[Padding | Text]:
    yield Padding(Text(found.title), (0, 0, 0, 2))
    for i, (number, text) in enumerate(found.lines):
        gutter = f"  {number:>4} │ "
        line = Text(no_wrap=True, overflow="ellipsis").append(gutter, style="dim")
        stripped = text.lstrip()
        shift = max(0, len(text) - len(stripped) - 4)
        line.append(text[shift:])
        if found.mark and found.mark[0] == i:
            _, column, length = found.mark
            line.stylize("bold red", len(gutter) + column - shift, len(gutter) + column - shift + length)
            yield line
            under = Text(no_wrap=True, overflow="ellipsis").append(" " * (len(gutter) - 2) + "│ ", style="dim")
            under.append(" " * (column - shift) + "‾" * length, style="red")
            if len(under) + len(found.caption) + 1 <= width or not found.caption:
                under.append(f" {found.caption}", style="red")
                yield under
            else:
                yield under
                yield Padding(Text(found.caption, style="red"), (0, 0, 0, len(gutter)))
        else:
            yield line


def fix_rows(block: FixBlock, many: int, width: int, *, short: bool, full: bool) -> Iterable[Table | Padding | Text]:
    """Give the rows of a fix: its title alone where `short`, every line of its edits where `full`."""
    narrow = width < NARROW
    head = Table.grid(padding=(0, 2, 0, 0), expand=True)
    head.add_column(no_wrap=True)
    head.add_column(ratio=1, overflow="fold")
    head.add_column(justify="right", overflow="fold", max_width=0 if narrow else 34)
    number = f"fix {block.number} of {many}" if many > 1 else f"fix {block.number}"
    kind = Text(block.kind, style="dim")
    title = Text.assemble((block.title, "bold"), "\n", kind) if narrow else Text(block.title, style="bold")
    head.add_row(Text(number, style="bold green"), title, Text() if narrow else kind)
    yield head
    if short:
        return
    yield from _edits(block, full=full)
    if any(p.holds is not None for p in block.proofs):
        yield Padding(_proved(block), (0, 0, 0, 5))
    else:
        yield Padding(Text(UNPROVED if block.edits else NOTHING_CHANGES, style="dim"), (0, 0, 0, 5))


def _edits(block: FixBlock, *, full: bool) -> Iterable[Padding]:
    most = max(6, LINES_OF_A_DIFF // max(1, len(block.edits)))
    for edit in block.edits:
        if edit.title:
            yield Padding(Text(edit.title, style="cyan"), (0, 0, 0, 5))
        shown = edit.lines if full else _cut(edit.lines, most)
        for line in shown:
            style = {"+": "green", "-": "red", " ": "dim"}[line.sign]
            yield Padding(Text(f"{line.sign} {line.text}", style=style, overflow="fold"), (0, 0, 0, 5))
        if len(shown) < len(edit.lines):
            yield Padding(Text(f"… {len(edit.lines) - len(shown)} more lines: --verbose", style="dim"), (0, 0, 0, 5))


def _cut(lines: tuple[DiffLine, ...], most: int) -> tuple[DiffLine, ...]:
    return lines if len(lines) <= most + 2 else lines[:most]


def _proved(block: FixBlock) -> Table:
    line = Text()
    for i, proof in enumerate(block.proofs):
        line.append(" · " if i else "", style="dim")
        line.append(PROOF_WORDS.get(proof.obligation, proof.obligation).replace(" ", "\u00a0"))
        mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[proof.holds]
        line.append(f"\u00a0{mark}", style=style)
    rows = [("proved", line)]
    if block.unless:
        more = f" (and {len(block.unless) - 1} more)" if len(block.unless) > 1 else ""
        rows.append(("unless", Text(f"{block.unless[0]}{more}")))
    if how := next((p.how for p in block.proofs if p.obligation == "nothing_else" and p.how), ""):
        rows.append(("", Text(how, style="dim")))
    rows += [("note", Text(note, style="yellow")) for note in block.notes]
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=7, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _end(page: Page) -> Iterable[Table | Text]:
    if page.next_commands:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for i, command in enumerate(page.next_commands):
            table.add_row("next" if i == 0 else "", Text(command, style="cyan"))
        yield table
    yield Text(page.footer, style="dim")
