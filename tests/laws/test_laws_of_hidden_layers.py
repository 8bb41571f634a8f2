"""What was not read never turns into a proposal: with a layer hidden, a fix says what it leans on, or is not offered."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import undeny
from generators import outside
from undeny import catalog
from undeny.lab.definition import decide

Json = dict[str, Any]
DATA = Path(__file__).parents[1] / "data"
SUPPORTED = frozenset(catalog.rcp_services().prefixes)
LAYERS = ("identity", "boundary", "session", "resource", "endpoint", "scp", "rcp")
EACH = 45
"""Scenarios for which each layer is hidden."""


def decision(given: Json) -> str:
    return str(decide(given, SUPPORTED)["decision"])


def denied() -> Iterator[Json]:
    for name in ("scenarios", "heldout_evidence", "heldout_scenarios"):
        for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            given = row.get("scenario") or row["input"]
            if "request" in given and "denied" in decision(given):
                yield given


@pytest.mark.parametrize("layer", LAYERS)
def test_a_fix_says_what_it_leans_on_where_a_layer_was_not_read(layer: str):
    step = LAYERS.index(layer) % 2  # each layer on every other scenario: the two halves are alike
    for given in islice(denied(), step, 2 * EACH, 2):
        hidden = given | {"policies": given["policies"] | {layer: "unknown"}}
        for fix in json.loads(json.dumps(undeny.to_builtins(undeny.explain(hidden))["fixes"])):
            leans(hidden, layer, fix)


def leans(hidden: Json, layer: str, fix: Json) -> None:
    there = [c for c in fix["changes"] if c["kind"] == "policy" and c["layer"] == layer]
    on_request = [c for c in there if layer != "resource" or hidden["request"]["resource"].startswith(c["target"])]
    if on_request:
        assert fix["applicability"] != "machine_applicable", (hidden["id"], fix["title"])
        assert fix["assumes"], (hidden["id"], fix["title"])
    enough = next(p for p in fix["proofs"] if p["obligation"] == "suffices")
    if enough["holds"] is not True:
        return
    try:
        after = outside.carried_out(hidden, [c for c in fix["changes"] if c not in there])
    except outside.NotCarriedOutError:
        return
    assert decision(after) in ("allowed", "unknown"), (hidden["id"], fix["title"])
    assert decision(after) == "allowed" or enough["unless"] or fix["assumes"], (hidden["id"], fix["title"])
