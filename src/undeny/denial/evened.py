"""A text with its escapes, entities, colours and frames made even: every odd thing is replaced by as many characters.

Offsets in the evened text are offsets in the original, so lines can be counted and the reader's own text can be shown.
"""

import html
import re

from undeny.denial.found import Passage

_ODD = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]"  # a terminal's colours
    r"|\\+[\"'nrt/`]"  # escapes of JSON, once or more than once
    r"|\\+u00[0-9a-fA-F]{2}"
    r"|\\+&(?:quot|apos|#34|#39|#x22|#x27);"
    r"|&(?:lt|gt|quot|apos|amp|#[0-9]{1,4}|#[xX][0-9a-fA-F]{1,4});"
    r"|(?m:^[ \t]*(?:- )?\|(?=[ \t]))"  # a margin of bars, as YAML and sops draw it
    r"|[\u2502\u2503\u2577\u2575\u00a0\u200b\ufeff]"  # Terraform's frame, blanks that are none
)
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_ESCAPED = ("\u201d", "\u201e")
"""What stands for a quote that was escaped; it keeps close to what it quotes."""
_ESCAPED_QUOTE = re.compile(r"\\+([\"'`/])")
_ESCAPED_BLANK = re.compile(r"\\+[nrt]")


def passage_of(text: str) -> Passage:
    """Make a text even, beside its lower case of the same length."""
    even = evened(text)
    low = even.lower()
    return Passage(even, low if len(low) == len(even) else even.translate(_LOWER))


def evened(text: str) -> str:
    r"""Replace what is odd by as many plain characters.

    >>> evened('on resource: \\"arn\\"') == 'on resource:  \u201darn \u201d'
    True
    """
    return text if _plain_already(text) else _ODD.sub(_even, text)


def restored(text: str) -> str:
    """Give a piece of an original text as its author meant it: escapes and entities undone, white space folded."""
    if _plain_already(text):
        folded = "\n" not in text and "  " not in text and "\t" not in text and "\r" not in text
        return text.strip() if folded else " ".join(text.split())
    if "\\" in text:
        text = _ESCAPED_QUOTE.sub(r"\1", _ESCAPED_BLANK.sub(" ", text))
    text = _ODD.sub(lambda match: _even(match).strip() or " ", text)
    return " ".join(text.split())


def _plain_already(text: str) -> bool:
    return text.isascii() and "\\" not in text and "&" not in text and "|" not in text and "\x1b" not in text


def _even(match: re.Match[str]) -> str:
    odd = match.group()
    plain = _plain(odd)
    closes = plain == "\n" or (plain in _ESCAPED and not match.string[match.end() : match.end() + 1].isalnum())
    return plain.ljust(len(odd)) if closes else plain.rjust(len(odd))


def _plain(odd: str) -> str:
    if odd[0] == "\\":
        return _unescaped(odd)
    if odd[0] != "&":
        return ""
    plain = html.unescape(odd)
    return plain if len(plain) == 1 and plain.isprintable() else ""


def _unescaped(odd: str) -> str:
    last = odd[-1]
    if last == ";":
        return "\u201d" if odd.count("\\") == 1 else "\u201e"
    if "u00" in odd:
        return _character(int(odd[-2:], 16))
    if last in "rt":
        return ""
    if last == "n":
        return "\n"
    if last == "/":
        return last
    return "\u201d" if odd.count("\\") == 1 else "\u201e"


def _character(code: int) -> str:
    return chr(code) if 32 <= code < 0xD800 else ""
