"""A network path as one page of HTML: the path drawn from top to bottom, the block marked where it stands, the changes below."""

from collections.abc import Iterable, Iterator
from html import escape

from undeny.emit.report.html import STYLE, head
from undeny.emit.report.network_page import HEADS, MARKS, NAMES, command, source_words, status
from undeny.reach.data import how
from undeny.reach.model import Change, Hop, Path, Reach

_SPOKEN = {"open": "open", "blocked": "blocks", "unknown": "not known"}
_HOLDS = {True: ("✓", "green", "holds"), False: ("✗", "red", "does not hold"), None: ("?", "yellow", "not known")}
_OWN = """
.way { list-style: none; margin: 0 0 0 .6rem; padding: 0; border-left: 2px solid var(--line); }
.way li { position: relative; padding: .3rem 0 .3rem 1.5rem; } .way .mark { position: absolute; left: -.62rem; background: var(--paper);
  font-weight: 700; width: 1.2rem; text-align: center; }
.way .blocked { background: var(--box); border-radius: 0 .4rem .4rem 0; } .way .kind { color: var(--dim); }
pre.add { white-space: pre-wrap; overflow-wrap: anywhere; } pre.add span + span { margin-top: .4rem; }
.end { margin: .4rem 0; font-weight: 600; } .note { color: var(--dim); display: block; }
"""


def html(found: Reach, read_from: str) -> str:
    """Write the page."""
    return "\n".join(_document(found, read_from)) + "\n"


def _document(found: Reach, read_from: str) -> Iterator[str]:
    word, tone = HEADS[found.verdict]
    yield from head(found.summary, STYLE + _OWN)
    yield "<body><main>"
    code = f'<code class="code">[{escape(found.code)}]</code> ' if found.code else ""
    yield f'<h1><span class="{tone}">{word}</span> {code}{escape(found.summary)}</h1>'
    yield f'<p class="dim">{escape(status(found))}</p>'
    for path in found.paths:
        yield from _path(path)
    for number, change in enumerate(found.changes, 1):
        yield from _change(change, number, len(found.changes))
    if found.missing:
        yield "<h2>To settle it</h2>"
        yield f"<ul>{''.join(f'<li>{escape(gap.what)}: {escape(how(gap))}</li>' for gap in found.missing)}</ul>"
    unseen = f"Not seen: {'; '.join(gap.what for gap in found.missing)}." if found.missing else "Nothing on the way was unread."
    yield f"<footer>{escape(read_from)}. {escape(unseen)} No packet was sent, nothing was changed.</footer>"
    yield "</main></body></html>"


def _path(path: Path) -> Iterator[str]:
    to = path.destination
    port = "" if to.protocol.startswith("icmp") else f" {to.port or 443}"
    why = f" ({to.why})" if to.why else ""
    yield f"<h2>{escape(path.source.name)} to {escape(to.name)}{escape(why)}</h2>"
    if path.when:
        yield f'<p class="yellow">if {escape(path.when)}</p>'
    yield f'<p class="end">{escape(path.source.name)} <span class="dim mono">{escape(source_words(path.source))}</span></p>'
    yield from _hops((hop for hop in path.hops if hop.direction != "return"), "the way there")
    yield f'<p class="end">▼ {escape(to.host or to.name)} <span class="dim">{escape(to.protocol)}{port}</span></p>'
    back = [hop for hop in path.hops if hop.direction == "return"]
    if back:
        yield from _hops(back, "the way back")
        yield '<p class="end dim">▲ answers</p>'


def _hops(hops: Iterable[Hop], label: str) -> Iterator[str]:
    yield f'<ol class="way" aria-label="{label}">'
    for hop in hops:
        mark, tone = MARKS[hop.verdict]
        code = f' <code class="code">{escape(hop.code)}</code>' if hop.code else ""
        note = f'<span class="note">{escape(hop.note)}</span>' if hop.note else ""
        spoken = f'<span class="hidden">{_SPOKEN[hop.verdict]}: </span>'
        yield (
            f'<li class="{hop.verdict}"><span class="mark {tone}" aria-hidden="true">{mark}</span>{spoken}'
            f'<span class="kind">{escape(NAMES[hop.kind])}</span> {escape(hop.says)}{code}{note}</li>'
        )
    yield "</ol>"


def _change(change: Change, number: int, many: int) -> Iterator[str]:
    label = f"Change {number} of {many}" if many > 1 else "Change"
    yield f'<section class="fix"><h3><span class="green">{label}</span> {escape(change.title)}</h3>'
    lines = "".join(f"<span>{escape(command(step))}</span>" for step in change.steps)
    yield f'<pre tabindex="0" class="add">{lines}</pre>'
    proofs = (("enough", change.suffices), ("all of it needed", change.needed), ("opens nothing else tried", not change.wider))
    items = []
    for name, holds in proofs:
        mark, tone, spoken = _HOLDS[holds]
        items.append(f'<li>{name} <span class="{tone}" aria-hidden="true">{mark}</span><span class="hidden">{spoken}</span></li>')
    yield f'<ul class="proofs">{"".join(items)}</ul>'
    shut = [one.what for one in change.neighbours if one.after == "blocked"]
    rows = (("still blocked", ", ".join(shut)), ("wider", change.wider), ("guard", change.guard), ("costs", change.costs))
    told = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
    yield f"<dl>{told}</dl></section>" if told else "</section>"
