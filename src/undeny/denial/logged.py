"""Events that stand in a log, among its other lines."""

import json
import re

from undeny.denial.events import denial_of_event
from undeny.denial.model import Denial

_EVENT = re.compile(r'\{\s*"eventVersion"')
_DECODER = json.JSONDecoder()


def take_events(text: str, line: int) -> tuple[str, list[Denial]]:
    """Take the events out of a log: what is left of the text, their place blank, and their denials."""
    found: list[Denial] = []
    pieces: list[str] = []
    end = 0
    for match in _EVENT.finditer(text):
        if match.start() < end:
            continue
        try:
            value, stop = _DECODER.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        denial = denial_of_event(value, line + text.count("\n", 0, match.start())) if isinstance(value, dict) else None
        if denial is not None:
            found.append(denial)
        pieces += (text[end : match.start()], "\n" * text.count("\n", match.start(), stop))
        end = stop
    return "".join((*pieces, text[end:])), found
