"""What pages, logs and terminals did to a text, undone line for line: entities, margins, columns, and words broken over two lines."""

import html
import re
from collections import Counter

_ENTITY = re.compile(r"&(?:lt|gt|quot|apos|amp|#(?:34|39|60|62|[xX]2[27]|[xX]3[cCeE]));")
_MARGIN = re.compile(
    r"^(?:(?P<quoted>[ \t]*>(?: |$))"
    r"|(?P<container>[\w./-]+[ \t]+\| )"
    r"|(?P<journal>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S+: )(?=\s*[a-z<]|User:)"
    r"|(?P<runtime>\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [FP] )(?=\s*[a-z<]|User:)"
    r"|(?P<builder>==> [\w.-]+: (?=\s)))",
    re.MULTILINE,
)
"""What is set before each line: quotation marks, a container's name, a log's head where the line goes on with the one before."""
_MARGIN_LATER = re.compile(r"\n(?:[ \t]*>|==>|[A-Z][a-z]{2} [ \d]\d \d|\d{4}-\d\d-\d\dT\S+ std|[\w./-]+[ \t]+\|)")
_HEADER = "ResourceStatusReason"
_RULE = re.compile(r"\s*-{20,}\s*")
_BROKEN_ARN = re.compile(r"(arn:[a-z-]*(?::[^\s\"'`<>]*)?)\n([\w:/.*+=@-]+)(?=(\s+(?:is\s+not\s|because\s|with\s+an\s|on\s+resource))?)")
_BROKEN_ACTION = re.compile(r"(?<=perform: )([a-z0-9-]+:[A-Za-z0-9]*)\n([A-Za-z0-9]+)(?=\s+(?:on res|because|with an ex))")
_TIMES = 6
"""Lines over which one ARN is followed."""
_FEWEST = 5
"""Colons in a whole ARN."""
_CUT = re.compile(r"([A-Za-z-]+)\n([a-z-]+:?)(?!\S)")
_WORDS = frozenset(
    "User: is not authorized perform: on resource: because no identity-based resource-based policy permissions boundary allows the action "  # noqa: SIM905 - words read best as words
    "with explicit deny in service control endpoint Encoded authorization failure message: operation:".split()
)
"""The words of IAM's sentence, of which a narrow terminal breaks one."""


def undone(text: str) -> str:
    """Give the text as its author wrote it; it keeps its number of lines."""
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(html.unescape(text) if "&amp;" in text else text)
    return _lines(text) if "\n" in text else text


def _lines(text: str) -> str:
    if _MARGIN_LATER.search(text):
        text = _without_margins(text)
    if _HEADER in text:
        text = "\n".join(_columns_together(text.split("\n")))
    text = _CUT.sub(_word_together, text)
    for _ in range(_TIMES if "arn:" in text else 0):
        before, text = text, _BROKEN_ARN.sub(_arn_together, text)
        if text == before:
            break
    return _BROKEN_ACTION.sub(r"\1\2\n", text)


def _word_together(match: re.Match[str]) -> str:
    begun, rest = match.groups()
    return f"{begun}{rest}\n" if begun + rest in _WORDS and begun not in _WORDS else match.group()


def _without_margins(text: str) -> str:
    margins = Counter(match.lastgroup for match in _MARGIN.finditer(text))
    if any(count > 1 for count in margins.values()):
        text = _MARGIN.sub(lambda match: "" if margins[match.lastgroup] > 1 else match.group(), text)
    return text


def _arn_together(match: re.Match[str]) -> str:
    """Move what follows a line break up to the ARN that it broke: one that cannot end there, or whose sentence goes on behind it."""
    broken, rest, sentence = match.groups()
    if broken.count(":") < _FEWEST or sentence:
        return f"{broken}{rest}\n"
    return match.group()


def _columns_together(lines: list[str]) -> list[str]:
    """Put the last column of SAM's table of events together; https://docs.aws.amazon.com/serverless-application-model/."""
    lines = [line.removeprefix(",") for line in lines]
    at = next(number for number, line in enumerate(lines) if _HEADER in line)
    column = lines[at].find(_HEADER)
    if column == 0:
        return lines
    rows = [number for number in range(at + 1, len(lines)) if not _RULE.fullmatch(lines[number])]
    pieces = {number: lines[number][column:].strip() for number in rows}
    width = max(map(len, pieces.values()), default=0)
    first, last = None, ""
    for number in rows:
        if not lines[number].strip():
            break
        if first is None or lines[number][:column].strip():
            first = number
        else:
            lines[first] += ("" if _goes_on(last, width) else " ") + pieces[number]
            lines[number] = ""
        lines[first], last = lines[first].rstrip(), pieces[number]
    return lines


def _goes_on(piece: str, width: int) -> bool:
    """Whether a piece fills its column, and its last word may have been cut."""
    last = piece.rpartition(" ")[2]
    return len(piece) == width and (":" in last or "/" in last or len(last) == width)
