"""A text from outside, which may be a document: an event, something that holds some, lines or a table of them; else a message or a log."""

from undeny.denial.model import Denial
from undeny.denial.reading import read_text

_HEAD = 4000
"""Characters at the beginning in which a table of events names its columns."""


def read_source(text: str) -> tuple[Denial, ...]:
    """Read a text that may be a document: an event, something that holds some, lines or a table of them; else a message or a log."""
    if text.lstrip()[:1] in {"{", "["} or "eventname" in text[:_HEAD].lower():
        from undeny.denial.documented import read_document  # noqa: PLC0415 - most texts are no document

        found = read_document(text)
        if found is not None:
            return found.denials
    return read_text(text)
