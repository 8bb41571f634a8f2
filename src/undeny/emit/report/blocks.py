"""A page as blocks, and the blocks as Markdown, as HTML that stands by itself, and as Confluence's storage format."""

import html as escaping
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

Style = Literal["plain", "code", "bold"]


class Span(msgspec.Struct, frozen=True):
    """A run of text in one style."""

    text: str
    style: Style = "plain"


Line = tuple[Span, ...]


class Heading(msgspec.Struct, frozen=True, tag=True):
    """A heading: 1 is the page's own."""

    level: int
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag=True):
    """A paragraph."""

    line: Line


class Items(msgspec.Struct, frozen=True, tag=True):
    """A list; `numbered` where the order counts."""

    lines: tuple[Line, ...]
    numbered: bool = False


class Code(msgspec.Struct, frozen=True, tag=True):
    """Text as it is: `json`, `shell`, `diff` or `text`."""

    text: str
    language: str = "text"


class Rows(msgspec.Struct, frozen=True, tag=True):
    """A table of two columns, names on the left."""

    rows: tuple[tuple[str, Line], ...]


Block = Heading | Paragraph | Items | Code | Rows


def line(*parts: str | Span) -> Line:
    """Give a line of plain texts and spans."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def code(text: object) -> Span:
    """Give a span of code."""
    return Span(str(text), "code")


def bold(text: str) -> Span:
    """Give a span that stands out."""
    return Span(text, "bold")


def markdown(blocks: Iterable[Block]) -> str:
    """Write the page as Markdown."""
    return "\n\n".join("\n".join(_markdown(block)) for block in blocks) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text):
            yield f"{'#' * level} {_escaped(text)}"
        case Paragraph(line=held):
            yield _plain(held)
        case Items(lines=lines, numbered=numbered):
            yield from (f"{f'{i}.' if numbered else '-'} {_plain(held)}" for i, held in enumerate(lines, 1))
        case Code(text=text, language=language):
            fence = "`" * max(3, 1 + _longest_run(text))
            yield f"{fence}{language}"
            yield text.rstrip("\n")
            yield fence
        case Rows(rows=rows):
            yield "| | |"
            yield "|---|---|"
            yield from (f"| {name} | {_plain(held).replace('|', chr(92) + '|')} |" for name, held in rows)


def _plain(held: Line) -> str:
    return "".join(_span(span) for span in held)


def _span(span: Span) -> str:
    text = " ".join(span.text.split("\n"))
    match span.style:
        case "plain":
            return _escaped(text)
        case "bold":
            return f"**{_escaped(text)}**"
        case "code":
            ticks = "`" * (1 + _longest_run(text))
            pad = " " if text.startswith("`") or text.endswith("`") else ""
            return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_run(text: str) -> int:
    """Give the length of the longest run of backticks in a text: what is around it has to be longer."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


def _escaped(text: str) -> str:
    """Escape what Markdown would take for a sign; underscores within words are none."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("<", "&lt;").replace("[", "\\[")


_CSS = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #8884; }
code { font: 0.9em ui-monospace, monospace; background: #8882; padding: 0.1em 0.3em; border-radius: 3px; }
pre { background: #8882; padding: 0.75rem; white-space: pre-wrap; border-radius: 4px; } pre code { background: none; padding: 0; }
table { border-collapse: collapse; } td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; } td:first-child { opacity: 0.7; }
@media print { body { max-width: none; margin: 0; } }
""".strip()


def html(blocks: Iterable[Block], title: str) -> str:
    """Write the page as HTML that needs nothing from anywhere."""
    body = "\n".join(_html(block) for block in blocks)
    head = f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_text(title)}</title>'
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n<style>\n{_CSS}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def _html(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"<h{level}>{_text(text)}</h{level}>"
        case Paragraph(line=held):
            return f"<p>{_marked(held)}</p>"
        case Items(lines=lines, numbered=numbered):
            tag = "ol" if numbered else "ul"
            return f"<{tag}>" + "".join(f"<li>{_marked(held)}</li>" for held in lines) + f"</{tag}>"
        case Code(text=text):
            return f"<pre><code>{_text(text)}</code></pre>"
        case Rows(rows=rows):
            cells = "".join(f"<tr><td>{_text(name)}</td><td>{_marked(held)}</td></tr>" for name, held in rows)
            return f"<table><tbody>{cells}</tbody></table>"


def _marked(held: Line) -> str:
    tags = {"code": "code", "bold": "strong"}
    return "".join(
        f"<{tags[span.style]}>{_text(span.text)}</{tags[span.style]}>" if span.style in tags else _text(span.text) for span in held
    )


def _text(text: str) -> str:
    return escaping.escape(text, quote=False)


_LANGUAGES = {"json": "javascript", "shell": "bash", "diff": "diff"}
"""Confluence's names, where it has one: https://confluence.atlassian.com/doc/code-block-macro-139390.html"""


def storage(blocks: Iterable[Block]) -> str:
    """Write the page in Confluence's storage format, without its own heading, which is the page's title there.

    https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html
    """
    return "\n".join(_storage(block) for block in blocks if not (isinstance(block, Heading) and block.level == 1)) + "\n"


def _storage(block: Block) -> str:
    if not isinstance(block, Code):
        return _html(block)
    body = block.text.replace("]]>", "]]]]><![CDATA[>")
    language = f'<ac:parameter ac:name="language">{_LANGUAGES.get(block.language, "none")}</ac:parameter>'
    text = f"<ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>"
    return f'<ac:structured-macro ac:name="code">{language}{text}</ac:structured-macro>'
