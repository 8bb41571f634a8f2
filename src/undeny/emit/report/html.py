"""A walk as one page of HTML: nothing is fetched from anywhere, light and dark, readable on a phone, told to screen readers too."""

from collections.abc import Iterable, Iterator
from html import escape

from undeny.emit.report import words
from undeny.emit.report.excerpt import Excerpt, excerpt_of
from undeny.emit.report.page import NOTHING_CHANGES, PROOF_WORDS, UNPROVED, EditBlock, FixBlock, LayerMark, Page, RequestLine, page_of
from undeny.pipeline import Walk

_SPOKEN = {"✓": "allows", "✗": "blocks", "?": "not read", "–": "none"}
_HOLDS = {True: ("✓", "green", "holds"), False: ("✗", "red", "does not hold"), None: ("?", "yellow", "not known")}
STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #59636e; --paper: #fff; --box: #f5f7f9; --line: #d5dbe1;
  --red: #b3232b; --green: #12703a; --yellow: #7d5800; --blue: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa5b1; --paper: #0f1419; --box: #182029; --line: #2f3a46;
  --red: #ff8982; --green: #5fd38a; --yellow: #e3b341; --blue: #7cb7ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.3rem; line-height: 1.35; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
code, pre, .mono { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875em; }
.code { color: var(--red); } .dim { color: var(--dim); } .red { color: var(--red); } .green { color: var(--green); }
.yellow { color: var(--yellow); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0; } dt { color: var(--dim); } dd { margin: 0; }
ul, ol { margin: .25rem 0; padding-left: 1.25rem; }
.layers { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; }
.layers li { border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .6rem; white-space: nowrap; }
.request { margin: .75rem 0; }
pre { background: var(--box); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .5rem 0; overflow-x: auto;
  overflow-wrap: normal; white-space: pre; }
pre:focus-visible { outline: 2px solid var(--blue); }
mark { background: none; color: var(--red); font-weight: 700; text-decoration: underline 2px; text-underline-offset: .25em; }
.fix { border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; margin: .75rem 0; }
.fix > p { margin: .25rem 0; }
.proofs { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.add { color: var(--green); } .cut { color: var(--red); } pre span { display: block; }
summary { cursor: pointer; } footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; color: var(--dim); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 34rem) { pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } main { padding: 1rem .75rem 2rem; } }
@media print { .fix, pre { break-inside: avoid; } }
"""


def html(walk: Walk) -> str:
    """Write a walk's page."""
    page = page_of(walk)
    return "\n".join(_document(page, excerpt_of(walk))) + "\n"


def head(title: str, style: str) -> Iterator[str]:
    """Write what stands before the body of a page that fetches nothing from anywhere."""
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
    yield f"<title>{_text(title)}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"


def _document(page: Page, excerpt: Excerpt | None) -> Iterator[str]:
    mark = page.code if page.sure else f"{page.code}?"
    yield from head(f"denied[{mark}]: {page.summary}", STYLE)
    yield "<body>"
    yield "<main>"
    yield "<header>"
    yield f'<h1><span class="code mono">denied[{_text(mark)}]</span> {_ticked(page.summary)}</h1>'
    yield f'<p class="{"dim" if page.sure else "yellow"}">{_text(page.status)}</p>'
    yield "</header>"
    yield from _facts(page.facts)
    yield from _requests(page.requests)
    if excerpt and excerpt.lines:
        yield from _excerpt(excerpt)
    yield from _list("Because", page.because)
    yield from _list("Or" if page.sure else "Likeliest", (f"`{code}`: {text}" for code, text in page.likeliest))
    yield from _list("But", page.disagreement)
    yield from _list("To settle it", (f"{what}: `{how}`" for what, how in page.settle))
    yield from _fixes(page.fixes)
    yield from _folded("Not this", page.not_this)
    yield from _list("Also denied", page.more)
    yield from _list("Next", (f"`{command}`" for command in page.next_commands))
    yield f"<footer>{_text(page.footer)}</footer>"
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _facts(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = [f"<dt>{_text(label)}</dt><dd>{_ticked(text)}</dd>" for label, text in facts]
    if rows:
        yield f"<dl>{''.join(rows)}</dl>"


def _requests(rows: tuple[RequestLine, ...]) -> Iterator[str]:
    if not rows:
        return
    yield '<section aria-labelledby="layers"><h2 id="layers">What each layer said</h2>'
    for row in rows:
        note = f' <span class="dim">{_text(row.note)}</span>' if row.note else ""
        yield f'<div class="request"><code>{_text(row.action)}</code> on <code>{_text(row.resource)}</code>{note}'
        yield f'<ul class="layers">{"".join(map(_layer, row.marks))}</ul></div>'
    yield f'<p class="dim">{_text(words.LEGEND)}</p></section>'


def _layer(one: LayerMark) -> str:
    return f"<li>{_text(one.name)} {_mark(one.mark, one.tone, _SPOKEN.get(one.mark, ''))}</li>"


def _mark(sign: str, tone: str, spoken: str) -> str:
    return f'<span class="{tone}" aria-hidden="true">{sign}</span><span class="hidden">{spoken}</span>'


def _excerpt(found: Excerpt) -> Iterator[str]:
    yield f'<section aria-labelledby="statement"><h2 id="statement">{_text(found.title[:1].upper() + found.title[1:])}</h2>'
    lines = []
    for i, (number, text) in enumerate(found.lines):
        bare = text.lstrip()
        shown = _text(bare)
        if found.mark and found.mark[0] == i:
            _, at, length = found.mark
            shown = f"{_text(text[:at].lstrip())}<mark>{_text(text[at : at + length])}</mark>{_text(text[at + length :])}"
        lines.append(f"<span>{number:>4} │ {shown}</span>")
    yield f'<pre tabindex="0">{"".join(lines)}</pre>'
    if found.caption:
        yield f'<p class="red">{_text(found.caption)}</p>'
    yield "</section>"


def _fixes(fixes: tuple[FixBlock, ...]) -> Iterator[str]:
    if not fixes:
        return
    yield f'<section aria-labelledby="fixes"><h2 id="fixes">{words.count(len(fixes), "fix").replace("fixs", "fixes")}</h2>'
    for block in fixes:
        yield '<article class="fix">'
        yield f"<h3>{block.number}. {_ticked(block.title)}</h3>"
        yield f'<p class="dim">{_text(block.kind)}</p>'
        for edit in block.edits:
            yield from _edit(edit)
        yield from _proved(block)
        yield "</article>"
    yield "</section>"


def _edit(edit: EditBlock) -> Iterator[str]:
    if edit.title:
        yield f"<p>{_ticked(edit.title)}</p>"
    tones = {"+": "add", "-": "cut", " ": "dim"}
    lines = "".join(f'<span class="{tones[line.sign]}">{line.sign} {_text(line.text)}</span>' for line in edit.lines)
    yield f'<pre tabindex="0">{lines}</pre>'


def _proved(block: FixBlock) -> Iterator[str]:
    if any(proof.holds is not None for proof in block.proofs):
        held = [f"<li>{PROOF_WORDS.get(p.obligation, p.obligation)} {_mark(*_HOLDS[p.holds])}</li>" for p in block.proofs]
        yield f'<ul class="proofs"><li class="dim">proved</li>{"".join(held)}</ul>'
        yield from _items(f"unless {one}" for one in block.unless)
    else:
        yield f'<p class="dim">{_text(UNPROVED if block.edits else NOTHING_CHANGES)}</p>'
    yield from _items(block.notes)


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    shown = list(lines)
    if shown:
        yield f"<section><h2>{_text(title)}</h2>"
        yield from _items(shown)
        yield "</section>"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    shown = list(lines)
    if shown:
        yield f"<details><summary>{_text(title)} ({len(shown)})</summary>"
        yield from _items(shown)
        yield "</details>"


def _items(lines: Iterable[str]) -> Iterator[str]:
    shown = [f"<li>{_ticked(line)}</li>" for line in lines]
    if shown:
        yield f"<ul>{''.join(shown)}</ul>"


def _text(text: str) -> str:
    return escape(text, quote=True)


def _ticked(text: str) -> str:
    """Write a text with what stands in backticks as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return _text(text)
    return "".join(f"<code>{_text(piece)}</code>" if i % 2 else _text(piece) for i, piece in enumerate(pieces))
