"""What outside implementations decide otherwise was settled from AWS's documentation: engine and definition keep to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from undeny import catalog
from undeny.decide import evaluate
from undeny.lab.definition import decide

ROWS = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "disagreements.jsonl").read_text("utf-8").splitlines()]
SUPPORTED = frozenset(catalog.rcp_services().prefixes)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_settled_disagreement_stays_as_aws_documents_it(row: dict[str, Any]):
    assert evaluate(row["scenario"]).decision == row["expect"]["decision"], f"{row['rule']} {row['source']}"
    assert decide(row["scenario"], SUPPORTED)["decision"] == row["expect"]["decision"], f"{row['rule']} {row['source']}"


def test_each_settled_disagreement_names_its_rule_and_the_page_of_aws():
    assert [row["id"] for row in ROWS if not row["rule"] or not row["source"].startswith("https://docs.aws.amazon.com/")] == []
    assert len({row["id"] for row in ROWS}) == len(ROWS)
