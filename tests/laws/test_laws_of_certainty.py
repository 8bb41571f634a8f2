"""Whatever is hidden of a scenario's evidence, no other cause than the one that the whole evidence shows is ever called proven."""

import json
from pathlib import Path

import pytest

from undeny import calls, decide, evidence, pipeline
from undeny.calls.model import Given
from undeny.diagnose import bucket_of, diagnose
from undeny.diagnose.model import Case

DATA = Path(__file__).parents[1] / "data"
FILES = ("diagnoses", "heldout_scenarios", "heldout_evidence")


def rows(name):
    read = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [row for row in read if isinstance(row["input"], dict) and "policies" in row["input"]]


def cause(mapping):
    """The cause of a self-contained scenario, without looking for fixes."""
    subject = pipeline.subjects(mapping)[0]
    known = subject.scenario.evidence
    requests = tuple(evidence.complete(request, known) for request in pipeline.requests_for(subject, Given()))
    if requests:
        requests = calls.expand(requests[0], {arn: thing.settings for arn, thing in known.resources.items()}) + requests[1:]
    verdicts = () if known.from_text else tuple(decide.decide(request, known, main=requests[0]) for request in requests)
    return diagnose(Case(denial=subject.denial, requests=requests, verdicts=verdicts, evidence=known)).cause


def without(mapping, key):
    return {name: value for name, value in mapping.items() if name != key}


def hidden(mapping):
    """The scenario with each layer, thing, policy of a thing, fact, context value and the text hidden in turn."""
    for layer in mapping["policies"]:
        yield f"layer {layer}", mapping | {"policies": mapping["policies"] | {layer: "unknown"}}
    things = mapping.get("resources") or {}
    for arn, thing in things.items():
        yield arn, mapping | {"resources": without(things, arn)}
        if "policy" in thing:
            yield f"policy of {arn}", mapping | {"resources": things | {arn: thing | {"policy": "unknown"}}}
        for name in thing.get("settings") or {}:
            yield f"{name} of {arn}", mapping | {"resources": things | {arn: thing | {"settings": without(thing["settings"], name)}}}
    yield "everything beside the request", without(mapping, "resources")
    request = mapping.get("request") or {}
    for key in request.get("context") or {}:
        unknown = [*request.get("unknown_keys", []), key]
        yield key, mapping | {"request": request | {"context": without(request["context"], key), "unknown_keys": unknown}}
    if mapping.get("text"):
        yield "the text", without(mapping, "text")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", FILES)
def test_hiding_any_one_piece_of_evidence_makes_no_other_cause_proven(name):
    wrong, proven = [], 0
    for row in rows(name):
        whole = cause(row["input"])
        proven += whole.certainty == "proven"
        for what, mapping in hidden(row["input"]):
            if what == "the text" and bucket_of(whole.code) != "permission":
                continue  # who hides the text of an expired token hides all that there is to know of it
            found = cause(mapping)
            if found.certainty == "proven" and found.code != whole.code:
                wrong.append((row["id"], what, whole.code, found.code))
    assert wrong == []
    assert proven > len(rows(name)) / 2
