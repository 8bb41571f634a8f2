"""A stream of text cut into the records that it holds, in memory of a few blocks, whatever its length.

Known shapes: `{"Records": [...]}` (a trail file), a bare list, one document a line, and any of them one after the other. A cut is
guessed at `},{"eventVersion"` and then proved by decoding the piece; where that fails, the piece is read record by record.
"""

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator

import msgspec

from undeny.errors import UndenyError

BLOCK = 4 << 20
"""Bytes of text that are cut at a time."""
MOST = 64 << 20
"""Bytes that one document may have that is no list of records."""
_HEAD = re.compile(rb'(?:\{\s*"Records"\s*:\s*)?\[')
_TAIL = re.compile(rb"\]\s*\}?\s*\Z")
_SEAM = re.compile(rb'\]\s*\}?\s*(?=\{\s*"Records"\s*:\s*\[)')
_NEXT = re.compile(rb'\}\s*,\s*(?=\{\s*"eventVersion"\s*:)')
_EVENT = re.compile(r'\{\s*"(?:eventVersion|userIdentity|eventTime|eventName|eventSource)"')
_BETWEEN = b" \t\r\n,}\xef\xbb\xbf"
"""What may stand between two lists, and before the first: the end of the one before, a byte order mark."""
_WITHIN = 1 << 18
_ROOM = 256


class _File(msgspec.Struct, frozen=True):
    Records: list[msgspec.Raw]


_FILE = msgspec.json.Decoder(_File)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_JSON = json.JSONDecoder()
Records = list[msgspec.Raw] | list[bytes]


class Cutter:
    """Cuts one file. `whole` gets the text of a document of another shape; it is the caller's to know more of them."""

    def __init__(self, name: str, problem: Callable[[UndenyError], None], *, block: int = BLOCK) -> None:
        self.name, self.block = name, block
        self.problem = problem
        self.inside = False
        self.count = 0
        self.whole: bytes | None = None

    def cut(self, chunks: Iterable[bytes]) -> Iterator[Records]:
        """Give the records, some at a time. Raises `UndenyError` for one document that is too large to be read at once."""
        held: list[bytes] = []
        size = 0
        for chunk in chunks:
            held.append(chunk)
            size += len(chunk)
            if size >= self.block:
                rest = yield from self._taken(b"".join(held), last=False)
                held, size = [rest], len(rest)
                if size > MOST:
                    raise UndenyError(
                        f"`{self.name}` holds one document of more than {MOST >> 20} MB",
                        code="input-too-large",
                        help=("one event a line, or a trail file, can be of any size",),
                    )
        text = held[0] if len(held) == 1 else b"".join(held)
        file = None if self.inside or self.count else _file(text)
        if file is None:
            if self.inside and not text.strip(_BETWEEN + b","):
                self._lost(cut=True)  # it ends between two records
            else:
                yield from self._taken(text, last=True)
            return
        self.count = len(file.Records)
        yield file.Records

    def _taken(self, text: bytes, *, last: bool) -> Generator[Records, None, bytes]:
        """Give what is whole in `text`; returns what has to wait for more."""
        while text.strip():
            if not self.inside:
                text = text.lstrip(_BETWEEN)
                head = _HEAD.match(text)
                if head is None and not last and len(text) < _ROOM:
                    return text  # too little to know what begins here
                if head is None:
                    if not text:
                        break
                    return (yield from self._lines(text, last=last))
                self.inside, text = True, text[head.end() :]
            before = len(text)
            text = yield from self._listed(text, last=last)
            if self.inside and (not last or len(text) == before):
                break
        return text

    def _listed(self, text: bytes, *, last: bool) -> Generator[Records, None, bytes]:
        """Give the records of the list that is open; returns the rest."""
        seam = _SEAM.search(text)
        if seam:
            end, rest, closes = seam.start(), seam.end(), True
        elif last:
            tail = _TAIL.search(text, max(0, len(text) - _WITHIN))
            end, rest, closes = (tail.start(), len(text), True) if tail else (-1, 0, True)
        else:
            found = list(_NEXT.finditer(text, max(0, len(text) - _WITHIN)))
            end, rest, closes = (found[-1].start() + 1, found[-1].end(), False) if found else (-1, 0, False)
        records = _decoded(text[:end]) if end >= 0 else None
        if records is None:
            return (yield from self._one_by_one(text, last=last))
        self.count += len(records)
        self.inside = not closes
        yield records
        return text[rest:]

    def _one_by_one(self, data: bytes, *, last: bool) -> Generator[Records, None, bytes]:
        """Read what could not be cut at once: a list that is broken, cut short, laid out otherwise or has more behind it."""
        text = data.decode("utf-8", "surrogateescape")
        found: list[bytes] = []
        place = 0
        while True:
            while place < len(text) and text[place] in " \t\r\n,":
                place += 1
            if place >= len(text) or text[place] == "]":
                break
            try:
                _, end = _JSON.raw_decode(text, place)
            except (ValueError, RecursionError):
                following = _EVENT.search(text, place + 1)
                if following is None:
                    break
                self._lost(cut=False)
                place = following.start()
                continue
            found.append(text[place:end].encode("utf-8", "surrogateescape"))
            self.count += 1
            place = end
        yield found
        closed = text[place : place + 1] == "]"
        self.inside = not closed
        if last and not closed:
            self._lost(cut=not text.rstrip().endswith(("]}", "]")))
            return b""
        rest = text[place + 1 :].lstrip("\r\n\t }") if closed else text[place:]
        return rest.encode("utf-8", "surrogateescape")

    def _lines(self, text: bytes, *, last: bool) -> Generator[Records, None, bytes]:
        """Give one record a line; text whose first line is no document is one as a whole."""
        end = len(text) if last else text.rfind(b"\n") + 1
        lines = [line for line in text[:end].splitlines() if line.strip()]
        if self.whole is None and (not self.count and (len(lines) < 2 or _raw(lines[0]) is None)):
            if last:
                self.whole = text
                return b""
            return text
        found: list[bytes] = []
        for line in lines:
            if _raw(line) is None:
                self._lost(cut=False)
                continue
            inner = _HEAD.match(line)
            tail = _TAIL.search(line) if inner else None
            listed = _decoded(line[inner.end() : tail.start()]) if inner and tail else None
            found.extend((line,) if listed is None else map(bytes, listed))
        self.count += len(found)
        yield found
        return text[end:]

    def _lost(self, *, cut: bool) -> None:
        whole = f"{self.count:,} whole event{'' if self.count == 1 else 's'}"
        if cut:
            message, help_ = f"`{self.name}` ends in the middle of its list, after {whole}", "the last event is lost: copy the file again"
        else:
            message, help_ = f"an event of `{self.name}`, after {whole}, cannot be read", "it was left out; the others were read"
        self.problem(UndenyError(message, code="truncated-input" if cut else "broken-event", help=(help_,)))


def _file(text: bytes) -> _File | None:
    """Read a trail file that is there whole, without a copy of it."""
    try:
        return _FILE.decode(text)
    except (ValueError, RecursionError):
        return None


def _decoded(items: bytes) -> list[msgspec.Raw] | None:
    """Give the records of a piece of a list, `None` where the piece is not whole."""
    try:
        return _RAWS.decode(b"[" + items + b"]")
    except (ValueError, RecursionError):
        return None


def _raw(line: bytes) -> msgspec.Raw | None:
    try:
        return msgspec.json.decode(line, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return None
