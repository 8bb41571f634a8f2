"""A page as Markdown: for an issue, a pull request, a ticket."""

from collections.abc import Iterable, Iterator

from undeny.emit.report import words
from undeny.emit.report.excerpt import Excerpt, excerpt_of
from undeny.emit.report.page import NOTHING_CHANGES, PROOF_WORDS, UNPROVED, FixBlock, Page, RequestLine, page_of
from undeny.pipeline import Walk

_HOLDS = {True: "✓", False: "✗", None: "?"}


def markdown(walk: Walk) -> str:
    """Write a walk's page."""
    page = page_of(walk)
    return "\n".join(_lines(page, excerpt_of(walk))).rstrip() + "\n"


def _lines(page: Page, excerpt: Excerpt | None) -> Iterator[str]:
    mark = page.code if page.sure else f"{page.code}?"
    yield f"## denied[{mark}]"
    yield ""
    yield f"**{page.summary}**  "
    yield f"{page.status}"
    yield ""
    yield from (f"- {label}: {text}" for label, text in page.facts)
    yield ""
    yield from _requests(page.requests)
    if excerpt and excerpt.lines:
        yield from _excerpt(excerpt)
    yield from _list("Because", page.because)
    yield from _list("Or" if page.sure else "Likeliest", (f"`{code}`: {text}" for code, text in page.likeliest))
    yield from _list("Not this", page.not_this)
    yield from _list("But", page.disagreement)
    yield from _list("To settle it", (f"{what}: {how}" for what, how in page.settle))
    for block in page.fixes:
        yield from _fix(block)
    yield from _list("Next", (f"`{command}`" for command in page.next_commands))
    yield f"_{page.footer}_"


def _requests(rows: Iterable[RequestLine]) -> Iterator[str]:
    shown = list(rows)
    if not shown:
        return
    for row in shown:
        marks = " · ".join(f"{one.name} {one.mark}" for one in row.marks)
        yield f"- `{row.action}` on `{row.resource}`: {marks}{f' ({row.note})' if row.note else ''}"
    yield ""
    yield f"{words.LEGEND}"
    yield ""


def _excerpt(found: Excerpt) -> Iterator[str]:
    yield f"{found.title}:"
    yield ""
    yield "```text"
    for i, (number, text) in enumerate(found.lines):
        gutter = f"{number:>4} | "
        yield f"{gutter}{text}"
        if found.mark and found.mark[0] == i:
            yield f"{' ' * (len(gutter) + found.mark[1])}{'^' * found.mark[2]} {found.caption}".rstrip()
    yield "```"
    yield ""


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    shown = list(lines)
    if shown:
        yield f"**{title}**"
        yield ""
        yield from (f"- {line}" for line in shown)
        yield ""


def _fix(block: FixBlock) -> Iterator[str]:
    yield f"### Fix {block.number}: {block.title}"
    yield ""
    yield f"{block.kind}"
    yield ""
    for edit in block.edits:
        if edit.title:
            yield f"{edit.title}:"
            yield ""
        yield "```diff"
        yield from (f"{line.sign} {line.text}" for line in edit.lines)
        yield "```"
        yield ""
    if any(proof.holds is not None for proof in block.proofs):
        yield "proved: " + " · ".join(f"{PROOF_WORDS.get(p.obligation, p.obligation)} {_HOLDS[p.holds]}" for p in block.proofs)
        yield from (f"- unless {one}" for one in block.unless)
    else:
        yield UNPROVED if block.edits else NOTHING_CHANGES
    yield from (f"- {note}" for note in block.notes)
    yield ""
