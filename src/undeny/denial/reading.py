"""A text read: what pages and logs did to it undone, its sentences found, the words around them asked, and denials made of them."""

from undeny.denial.build import denial_of, merged
from undeny.denial.evened import passage_of
from undeny.denial.found import Passage
from undeny.denial.model import Denial
from undeny.denial.secrets import mask
from undeny.denial.sentences import BARE, groups_of

_FEW = 6
"""Denials in a block up to which a bare one is taken for the headline of another."""
_ASIDE = 12
"""Characters beside a sentence, with less of which nothing else can stand there."""
BLOCK = 48_000
"""Characters that are read at a time; a longer text is cut between entries of the log."""


def read_text(text: str) -> tuple[Denial, ...]:
    """Read a message or a log of any length; the same denial told twice is given once."""
    if len(text) <= BLOCK:
        found = _read_block(mask(text), 1)
        return tuple(found if len(found) < 2 else merged(found))
    from undeny.denial.blocks import blocks_of  # noqa: PLC0415 - only for long texts

    found = []
    for block, line in blocks_of(text, BLOCK):
        found.extend(_read_block(mask(block), line))
    return tuple(merged(found))


def _read_block(text: str, line: int) -> list[Denial]:
    from_events: list[Denial] = []
    if "\n" in text or "&" in text:
        from undeny.denial.undone import undone  # noqa: PLC0415 - only for texts of several lines, or with entities

        text = undone(text)
    if '"eventVersion"' in text:
        from undeny.denial.logged import take_events  # noqa: PLC0415 - only where a log holds events

        text, from_events = take_events(text, line)
    passage = passage_of(text)
    found = [denial for group in groups_of(passage) if _tells(denial := denial_of(group, text, passage, line))]
    if not found and not from_events:
        from undeny.denial.prose import read_prose  # noqa: PLC0415 - only where no form fits

        found = read_prose(text, passage, line)
    if 1 < len(found) <= _FEW:
        found = _without_headlines(found)
    if len(found) == 1:
        found = _said_beside(found[0], text, passage, alone=not from_events)
    if _may_hold_calls(found, text):
        from undeny.denial.call_lines import with_parameters  # noqa: PLC0415 - only where a call may stand in the text

        found = with_parameters(found, text)
    return sorted([*from_events, *found], key=lambda denial: denial.line or 0) if from_events else found


def _said_beside(denial: Denial, text: str, passage: Passage, *, alone: bool) -> list[Denial]:
    """Fill in what the words around the only denial say of it."""
    if may_say_more(denial):
        from undeny.denial.prose import enriched  # noqa: PLC0415 - only for bare refusals

        denial = enriched(denial, passage)
    if alone and _may_hold_more(denial, text, passage):
        from undeny.denial.strays import completed  # noqa: PLC0415 - only where something is missing

        denial = completed(denial, passage)
    return [denial]


def _may_hold_calls(found: list[Denial], text: str) -> bool:
    for denial in found:
        if denial.operation:
            return "\n" in text or "aws " in text or "s3://" in text or "Command(" in text  # lines before it, a command, a place in S3
    return False


def _without_headlines(found: list[Denial]) -> list[Denial]:
    """Drop a bare `Forbidden` that says nothing beside a sentence that does, and what is told of a call whose sentence follows."""
    telling = [denial for denial in found if denial.form not in BARE or _says(denial)]
    calls = {denial.request_id for denial in telling if denial.action and denial.request_id}
    kept = [denial for denial in telling if denial.action or denial.request_id not in calls] or found
    if kept[0].form == "no_credentials":
        kept.sort(key=lambda denial: not (denial.action and denial.principal))  # a refused AssumeRole is why there are none
    return kept


def _tells(denial: Denial) -> bool:
    """Whether there is a denial at all: the end of an envelope that was cut says nothing."""
    return bool(denial.form or denial.error_code or denial.message or denial.action or denial.operation or denial.http_status)


def _says(denial: Denial) -> bool:
    return bool(denial.error_code or denial.action or denial.operation or denial.request_id or denial.principal or denial.resource)


def may_say_more(denial: Denial) -> bool:
    """Whether the words around a denial may say what it does not: it names no call, and is bare or has no code."""
    return not (denial.action or denial.operation) and (denial.error_code is None or denial.form in BARE)


def _may_hold_more(denial: Denial, text: str, passage: Passage) -> bool:
    """Whether an id or a code is missing, and there is more in the text than the denial's own sentence."""
    if denial.error_code and (denial.request_id or "request" not in passage.low):
        return False
    return denial.form is None or len(text) - len(denial.message or "") > _ASIDE
