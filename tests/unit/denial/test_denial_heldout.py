"""Public texts that the reader was first tried on unseen (`tests/data/README.md` has the figures of that first run)."""

import json
from pathlib import Path

import pytest

from undeny.denial import parse

ROWS = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "heldout_messages.jsonl").read_text("utf-8").splitlines()]
FIELD = {"cause": "kind", "encoded": "encoded_message"}
NEVER_GUESSED = ("principal", "policy_type", "policy_arn", "cause", "encoded")


def says(field, want, denial):
    """Whether a denial says of a field what the text states; an encoded message is compared by its beginning."""
    got = getattr(denial, FIELD.get(field, field))
    if field == "encoded":
        return str(got).startswith(want[:12])
    return str(got).lower() == want.lower()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_field_that_an_unseen_text_states_is_read(row):
    stated = {field: want for field, want in row["expected"].items() if want is not None}
    found = parse(row["text"])
    assert any(all(says(field, want, denial) for field, want in stated.items()) for denial in found), found


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_nothing_is_read_that_an_unseen_text_does_not_state(row):
    silent = [field for field in NEVER_GUESSED if row["expected"][field] is None]
    several = len(parse(row["text"])) > 1
    told = {field: getattr(denial, FIELD.get(field, field)) for denial in parse(row["text"]) for field in silent}
    assert several or not {field: value for field, value in told.items() if value is not None}
