"""Marks put together: which wrappers, which sentence and which ids belong to one error."""

import re
from collections.abc import Iterator
from typing import Any

from undeny.denial.found import QUOTES, Facts, Passage
from undeny.denial.marks import Mark

_ENTRY = re.compile(
    r"\n(?:\s*\n|(?=\s+at [\w.<>$]|\s*File \"|\s*at async |Traceback \(|During handling|The above exception"
    r"|\[?\d{4}[-/]\d\d[-/]\d\d|\s?\{|\d+ response headers:|Caused by: |\S*[Ee]rror: |ERROR\b"
    r"|\s*with (?:module|data|aws)[\w.]*\.\S+,\s+on |\s*on \S+\.tf(?:\.json)? line|\* ))"
    r"|---> "
)
"""What cannot be inside a sentence: an empty line, a stack's frame, the next entry of a log, Terraform's place."""
_NEXT_ENTRY = re.compile(r"\n\[?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:")
_FAR = 6_000
"""Characters within which ids that stand beside a sentence are still its own."""
_IDENTITY = ("request_id", "error_code", "operation", "host_id")


class Group:
    """The marks of one error while they are put together; `core` is the form's mark, `None` where no form knows the sentence."""

    __slots__ = ("after", "around", "before", "core", "limit")

    def __init__(self) -> None:
        self.before: list[Mark] = []
        self.around: list[Mark] = []
        self.after: list[Mark] = []
        self.core: Mark | None = None
        self.limit: int | None = None

    def holds(self, mark: Mark) -> bool:
        """Whether `mark` says of this error another id, code or operation than it already has."""
        return any(
            mark.facts.get(key) not in (None, held.facts.get(key))
            for held in (*self.around, *self.after)
            for key in _IDENTITY
            if held.facts.get(key)
        )

    @property
    def end(self) -> int:
        """Where the last mark ends."""
        marks = (*self.before, *self.around, *self.after, *((self.core,) if self.core else ()))
        return max((mark.end for mark in marks), default=0)

    def facts(self) -> dict[str, Any]:
        """Give what all marks say: the sentence first, then what stands nearest to it, inside out."""
        facts: Facts = dict(self.core.facts) if self.core else {}
        for mark in (*reversed(self.before), *self.after, *reversed(self.around)):
            for key, value in mark.facts.items():
                facts.setdefault(key, value)
        return facts

    def sentence(self, passage: Passage) -> tuple[int, int]:
        """Give where the message begins and ends in the passage."""
        core, heads = self.core, self.before
        stop, floor = len(passage.text), core.end if core else self._head_end()
        for mark in (*self.after, *self.around):
            if floor <= mark.start < stop:
                stop = mark.start
        if self.limit is not None and self.limit <= stop:
            stop = core.end if core and not (heads and _quote(passage.text, heads[-1])) else self.limit
        if not heads:
            return self._headless(passage, stop)
        head = heads[-1]
        end = _closing(passage.text, core.end if core else head.end, _quote(passage.text, head), stop)
        if core is None:
            return head.end, end
        begins_here = (
            core.start - head.end < _FAR
            and not _ENTRY.search(passage.text, head.end, core.start)
            and '"' not in passage.text[head.end : core.start]
        )
        return (head.end if begins_here else core.start), max(core.end, end)

    def _head_end(self) -> int:
        return self.before[-1].end if self.before else 0

    def _headless(self, passage: Passage, stop: int) -> tuple[int, int]:
        if self.core is not None:
            return self.core.start, self.core.end
        if not self.after:
            return 0, 0
        tail = min(mark.start for mark in self.after)
        begin = max((match.end() for match in _ENTRY.finditer(passage.text, max(0, tail - 2000), tail)), default=max(0, tail - 2000))
        return begin, min(tail, max(stop, tail))


def assembled(marks: list[Mark], passage: Passage) -> Iterator[Group]:
    """Walk the marks and give a group for each error: one that has a sentence, or at least an error code."""
    group = Group()
    for mark in marks:
        if mark.side == "after" and not mark.facts and group.core is None and not group.before:
            continue  # it ends nothing
        if _begins_another(group, mark, passage):
            group.limit = mark.start
            if _tells(group):
                yield group
            group = Group()
        if group.before and group.core is None and mark.side in {"core", "before"} and _behind(group, mark, passage):
            group.before.clear()
        if mark.side == "core":
            group.core = mark
        elif mark.side == "before":
            group.before.append(mark)
        elif mark.side == "after":
            group.after.append(mark)
        else:
            group.around.append(mark)
    if _tells(group):
        yield group


def _begins_another(group: Group, mark: Mark, passage: Passage) -> bool:
    if mark.side == "core":
        return group.core is not None or (_coded(group) and _behind(group, mark, passage))
    if mark.side == "before":
        if group.core is not None or group.after:
            return True
        return _coded(group) and _behind(group, mark, passage)
    if group.core is None and not group.before and not group.after:
        return False
    if mark.start - group.end > _FAR or (mark.name == "xml" and group.core and "<error" in passage.low[group.core.end : mark.start]):
        return True
    if mark.side == "beside" and group.core is not None and _NEXT_ENTRY.search(passage.text, group.end, mark.start):
        return True
    return group.core is not None and group.holds(mark)


def _coded(group: Group) -> bool:
    return any("error_code" in mark.facts for mark in group.before)


def _behind(group: Group, mark: Mark, passage: Passage) -> bool:
    """Whether `mark` stands behind the end of the group's sentence."""
    head = group.before[-1]
    return _closing(passage.text, head.end, _quote(passage.text, head), len(passage.text)) <= mark.start or bool(group.after)


def _closing(text: str, begin: int, quote: str, stop: int) -> int:
    """Find where a sentence that runs from `begin` ends: at its quote, the next entry of the log, or `stop`."""
    if quote:
        found = text.find(quote, begin, stop)
        return found if found >= 0 else stop
    stop = min(stop, begin + _FAR)
    match = _ENTRY.search(text, begin, stop + 20)
    return min(match.start(), stop) if match else stop


def _quote(text: str, head: Mark) -> str:
    """Give the quote that ends the sentence behind `head`: its own, or the one that opens right before it."""
    before = text[head.start - 1 : head.start]
    return head.quote or (before if before in QUOTES else "")


def _tells(group: Group) -> bool:
    if group.core is not None or any(mark.facts.get("operation") for mark in group.before):
        return True
    facts = group.facts()
    if facts.get("error_code"):
        return True
    failed = str(facts.get("http_status", ""))[:1] in {"4", "5"}
    return failed and bool(facts.get("service") or facts.get("request_id") or facts.get("host_id"))


def trimmed(text: str) -> str:
    """Strip the quotes and brackets that an envelope leaves around a message."""
    text = text.strip()
    while text and text[-1] in "}])>|," + QUOTES and not _balanced(text):
        text = text[:-1].rstrip()
    text = text.removesuffix("{").rstrip().removesuffix(" -") if text.endswith(" - {") else text
    return text.lstrip("-:|> ").strip()


def _balanced(text: str) -> bool:
    last = text[-1]
    pair = {"}": "{", "]": "[", ")": "(", ">": "<"}.get(last)
    if pair:
        return text.count(pair) >= text.count(last)
    return last in QUOTES and text.count(last) % 2 == 0
