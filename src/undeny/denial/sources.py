"""A text from outside, which may be JSON: an event, a document that holds some, lines of them; else a message or a log."""

from undeny.denial.model import Denial
from undeny.denial.reading import read_text


def read_source(text: str) -> tuple[Denial, ...]:
    """Read a text that may be JSON: an event, a document that holds some, lines of them; else a message or a log."""
    if text.lstrip()[:1] in {"{", "["}:
        from undeny.denial.documented import read_json_text  # noqa: PLC0415 - most texts are no JSON

        found = read_json_text(text)
        if found is not None:
            return found.denials
    return read_text(text)
