"""Public texts that the rules were first tried on unseen (`tests/data/README.md` has the figures of that first run)."""

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import undeny

ROWS = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "heldout_texts.jsonl").read_text("utf-8").splitlines()]
FIELD = {"cause": "denial", "encoded": "encoded_message"}


def says(field, want, denial):
    """Whether a denial says of a field what the text states; an encoded message is compared by its beginning."""
    got = denial.get(FIELD.get(field, field))
    if want is None:
        return True
    if field == "encoded":
        return str(got).startswith(want[:12])
    return str(got).lower() == want.lower()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_field_that_an_unseen_text_states_is_read(row):
    found = [undeny.to_builtins(denial) for denial in undeny.parse(row["text"])] or [{}]
    assert any(all(says(field, want, denial) for field, want in row["expected"].items()) for denial in found), found


def test_unseen_texts_are_put_into_their_bucket_and_their_cause_is_named_first():
    judged = [(row, undeny.explain(row["text"])) for row in ROWS]
    buckets = [found.bucket in row["buckets"] for row, found in judged if row["buckets"]]
    first = [any(fnmatchcase(found.cause.code, code) for code in row["codes"]) for row, found in judged if row["codes"]]
    assert sum(buckets) / len(buckets) >= 0.98
    assert sum(first) / len(first) >= 0.97


def test_nothing_is_called_proven_from_an_unseen_text():
    assert not [row["id"] for row in ROWS if undeny.explain(row["text"]).cause.certainty == "proven"]
