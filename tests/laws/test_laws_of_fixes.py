"""Laws of fixes, on 1,000 random denials: one is found where one exists, none changes more documents than it must, none opens more than it says.

The fixes are carried out by other code from what they say, and judged by the definition, which imports nothing of undeny.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

import undeny
from generators import brute, outside
from generators.scenarios import scenario
from undeny import catalog
from undeny.lab.definition import decide

Json = dict[str, Any]
SUPPORTED = frozenset(catalog.rcp_services().prefixes)
PARTS, EACH, SMALL, MOST, NEAR = 10, 100, 7, 3, 8
"""Denials by part; documents of a case for which all sets of up to three are tried; neighbours of a request that are drawn."""
WAYS_ROUND = ("boundary", "session", "scope_down")
"""A document that names a user gets past these: no fix does, so it may need one document more than there would be on that way."""


def decision(given: Json) -> str:
    return str(decide(given, SUPPORTED)["decision"])


def denials(part: int) -> Iterator[tuple[int, Json]]:
    """Random denials: whose seed is one of this part's."""
    found = 0
    for seed in range(part, 1_000_000, PARTS):
        given = scenario(Random(seed))  # noqa: S311 - seeds, not secrets
        if "denied" in decision(given):
            yield seed, given
            found += 1
        if found == EACH:
            return


def proof(fix: Json, obligation: str) -> Json:
    return next(p for p in fix["proofs"] if p["obligation"] == obligation)


def nobody_may_mend(given: Json) -> bool:
    """Whether the case is none of ours: AWS's own roles, documents that AWS would refuse, a caller that is and is not a service."""
    written = json.dumps(given)
    strange = "StringResembles" in written or '"aws:PrincipalIsAWSService": "' in json.dumps(given["request"])
    return strange or "AWSServiceRole" in json.dumps(given["request"]) or given["id"] == "s3-access-point"


def documents(fix: Json) -> int:
    return sum(change["kind"] != "call" for change in fix["changes"])


def opened(given: Json, after: Json, fix: Json, others: list[Json], rng: Random) -> Iterator[Json]:
    """Draw neighbours that real calls could be, and give those that the fix opens and does not name."""
    named = {(r["action"], r["resource"]) for r in others}
    near = [n for n in outside.neighbours(given, fix["changes"], named) if catalog.action(n[1]["action"]) and n[0] != "condition"]
    for _, request, whose in rng.sample(near, min(NEAR, len(near))):
        was, now = ({**one, "request": request, "policies": one["policies"] | whose} for one in (given, after))
        if decision(now) == "allowed" and decision(was) != "allowed":
            yield request


@pytest.mark.parametrize("part", range(PARTS))
def test_fixes_of_random_denials_are_found_and_small_and_open_nothing_else(part: int):
    for seed, given in denials(part):
        told = undeny.to_builtins(undeny.explain(given))
        fixes = json.loads(json.dumps(told["fixes"]))
        if fixes:
            first_is_sound(seed, given, fixes[0], told["requests"][1:])
        if not nobody_may_mend(given) and sum(1 for _ in brute.places(given)) <= SMALL:
            found_and_small(seed, given, fixes, told["requests"])


def first_is_sound(seed: int, given: Json, first: Json, others: list[Json]) -> None:
    enough = proof(first, "suffices")
    try:
        after = outside.carried_out(given, first["changes"])
    except outside.NotCarriedOutError:
        return  # what only a person can: its proofs are of the rest
    if enough["holds"] and not enough["unless"]:
        assert decision(after) == "allowed", (seed, first["title"])
    assert outside.guards_edited(first) == [], (seed, first["title"])
    if documents(first) and not any(risk.startswith("opens more") for risk in first["risks"]):
        assert list(opened(given, after, first, others, Random(seed))) == [], (seed, first["title"])  # noqa: S311 - seeds, not secrets


def found_and_small(seed: int, given: Json, fixes: list[Json], requests: list[Json]) -> None:
    fewest = brute.fewest(given, decision, MOST)
    if fewest is None:
        return
    assert fixes, (seed, given["request"])
    proved = [documents(fix) for fix in fixes if proof(fix, "suffices")["holds"]]
    alone = len([r for r in requests if r["certain"]]) == 1
    limited = any(given["policies"].get(layer) is not None for layer in WAYS_ROUND) or ":federated-user/" in given["request"]["principal"]
    if proved and alone and not limited:
        assert min(proved) <= fewest, (seed, fixes[0]["title"])
