"""The first fix of every denied scenario at hand, carried out by other code and judged by AWS's rules as written in the definition.

What the fix says has to be enough: `generators.outside` knows the interface alone, and the judge imports nothing of undeny.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import undeny
from generators import outside
from undeny import catalog
from undeny.lab.definition import decide

Json = dict[str, Any]
TESTS = Path(__file__).parents[2]
FILES = {
    "by rule": "data/scenarios.jsonl",
    "real cases": "data/diagnoses.jsonl",
    "unseen": "data/heldout_scenarios.jsonl",
    "unseen evidence": "data/heldout_evidence.jsonl",
    "audit": "scenarios/audit.jsonl",
    "settled": "data/disagreements.jsonl",
}
LETS_THROUGH = {"by rule": 0.94, "real cases": 0.86, "unseen": 0.92, "unseen evidence": 0.84, "audit": 0.78, "settled": 0.70}
"""Floors. What is left asks for what only a person has: a tag's value, credentials for an anonymous call, a layer that was not read."""
SUPPORTED = frozenset(catalog.rcp_services().prefixes)
OPENS = {
    "audit-002": "one ARN cannot be cut out of a pattern by any condition: the fix says that it opens more",
    "H8-129": "one ARN cannot be cut out of a pattern by any condition: the fix says that it opens more",
    "iam-simulate-451": "one ARN cannot be cut out of a pattern by any condition: the fix says that it opens more",
    "iam-simulate-320": "one ARN cannot be cut out of a pattern by any condition: the fix says that it opens more",
    "audit-561": "a tag that does not count is no other value",
    "a092": "a token of one provider carries no claim of another",
    "H8-139": "an ACL opens an object for reading, whatever the version; the fix asks whether it is meant for everyone",
    "audit-242": "an ACL opens an object for reading, whatever the version; the fix asks whether it is meant for everyone",
    "H8-167": "no endpoint has a VPC's id: that value was spared by the broken Deny before",
    "iam-simulate-1971": "a key with several values cannot be held to one of them",
    "iam-simulate-4252": "the table is open to everyone already, and so is what is added",
}
"""Neighbours that are opened all the same, and why."""


def denied(name: str) -> Iterator[tuple[str, Json]]:
    for line in (TESTS / FILES[name]).read_text("utf-8").splitlines():
        row = json.loads(line)
        given = row.get("scenario") or row["input"]
        if isinstance(given, dict) and {"policies", "request"} <= set(given) and "denied" in decide(given, SUPPORTED)["decision"]:
            yield row["id"], given


@cache
def judged(name: str) -> tuple[Json, ...]:
    """What becomes of each denied scenario of a file with its first fix."""
    return tuple(judge(row, given) for row, given in denied(name))


def judge(row: str, given: Json) -> Json:
    fixes = undeny.to_builtins(undeny.explain(given))["fixes"]
    found: Json = {"id": row, "through": False, "opened": [], "stars": [], "guards": []}
    if not fixes:
        return found
    first = json.loads(json.dumps(fixes[0]))
    found |= {"stars": outside.new_stars(first["changes"], given["request"]), "guards": outside.guards_edited(first)}
    try:
        after = outside.carried_out(given, first["changes"])
    except outside.NotCarriedOutError as error:
        return found | {"why": str(error)}
    found["through"] = decide(after, SUPPORTED)["decision"] == "allowed"
    found["opened"] = list(opened(given, after, first["changes"]))
    return found


def opened(before: Json, after: Json, changes: list[Json]) -> Iterator[str]:
    if all(change["kind"] == "call" for change in changes):
        return
    for kind, request, whose in outside.neighbours(before, changes):
        was, now = ({**one, "request": request, "policies": one["policies"] | whose} for one in (before, after))
        if decide(now, SUPPORTED)["decision"] == "allowed" and decide(was, SUPPORTED)["decision"] != "allowed":
            yield f"{kind}: {request['principal']} {request['action']} {request['resource']} {request.get('context')}"


@pytest.mark.parametrize("name", FILES)
def test_the_first_fix_lets_the_call_through_and_opens_nothing_beside_it(name: str):
    found = judged(name)
    assert sum(one["through"] for one in found) / len(found) >= LETS_THROUGH[name], [one["id"] for one in found if not one["through"]]
    assert {one["id"]: one["opened"] for one in found if one["opened"] and one["id"] not in OPENS} == {}
    assert {one["id"]: one["stars"] for one in found if one["stars"] and one["id"] not in OPENS} == {}
    assert {one["id"]: one["guards"] for one in found if one["guards"]} == {}
