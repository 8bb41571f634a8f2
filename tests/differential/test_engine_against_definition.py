"""The engine and the definition decide alike: on AWS's rules one by one, and on thousands of random scenarios."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from generators.scenarios import scenario
from undeny import catalog
from undeny.decide import evaluate
from undeny.lab.definition import decide

ROWS = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "scenarios.jsonl").read_text().splitlines()]
SUPPORTED = frozenset(catalog.rcp_services().prefixes)


def by_engine(given: dict[str, Any]) -> dict[str, Any]:
    verdict = evaluate(given)
    return {"decision": verdict.decision, "layers": dict(verdict.layers), "blocked_by": sorted(verdict.blocked_by)}


def by_definition(given: dict[str, Any]) -> dict[str, Any]:
    verdict = decide(given, SUPPORTED)
    return {"decision": verdict["decision"], "layers": verdict["layers"], "blocked_by": sorted(verdict["blocked_by"])}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_definition_says_what_aws_documents(row: dict[str, Any]):
    verdict, expect = by_definition(row["scenario"]), row["expect"]
    assert verdict["decision"] == expect["decision"], row["sentence"]
    assert verdict["blocked_by"] == sorted(expect.get("blocked_by", verdict["blocked_by"])), row["sentence"]
    assert verdict["layers"] | expect.get("layers", {}) == verdict["layers"], row["sentence"]


@pytest.mark.parametrize("part", range(10))
def test_engine_and_definition_agree_on_random_scenarios(part: int):
    for seed in range(part * 300, part * 300 + 300):
        given = scenario(Random(seed))  # noqa: S311 - seeds, not secrets
        assert by_engine(given) == by_definition(given), f"seed {seed}: {json.dumps(given)}"
