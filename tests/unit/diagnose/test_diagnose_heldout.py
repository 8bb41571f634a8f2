"""Public texts that the rules were first tried on unseen (`tests/data/README.md` has the figures of that first run)."""

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import undeny

DATA = Path(__file__).parents[2] / "data"
ROWS = [json.loads(line) for line in (DATA / "heldout_texts.jsonl").read_text("utf-8").splitlines()]
SCENARIOS = [json.loads(line) for line in (DATA / "heldout_scenarios.jsonl").read_text("utf-8").splitlines()]
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


@pytest.mark.parametrize("row", SCENARIOS, ids=[row["id"] for row in SCENARIOS])
def test_the_cause_of_an_unseen_scenario_is_named_first(row):
    found = undeny.explain(row["input"])
    assert found.cause.code in row["expect"]["codes"], (row["note"], found.cause.summary)
    assert found.bucket == row["expect"]["bucket"]


@pytest.mark.parametrize("layer", ["identity", "resource", "boundary", "session", "endpoint", "scp", "rcp"])
def test_whatever_layer_of_an_unseen_scenario_is_unread_nothing_wrong_is_called_proven(layer):
    for row in SCENARIOS:
        mapping = row["input"] | {"policies": row["input"]["policies"] | {layer: "unknown"}}
        cause = undeny.explain(mapping).cause
        assert cause.certainty != "proven" or cause.code in row["expect"]["codes"], (row["id"], cause)


def test_the_first_fix_of_an_unseen_scenario_is_mostly_in_the_right_layer():
    asked = [(set(row["expect"]["fix_layers"]), undeny.explain(row["input"]).fixes) for row in SCENARIOS if row["expect"]["fix_layers"]]
    places = [(layers, {getattr(change, "layer", "call") for change in fixes[0].changes} if fixes else set()) for layers, fixes in asked]
    assert sum(bool(layers & place) for layers, place in places) / len(places) >= 0.85
