"""Every scenario in the files of this folder is decided as it says: one sentence of AWS's rules each, with AWS's page.

The Markdown files tell the rules; `audit.jsonl` holds the many small rows, family by family, that were written from AWS's documentation
without a look at the engine, for engine and definition alike.

A section holds the sentence, the address, a scenario, and of the verdict what matters: `decision`, `blocked_by`, `layers` (those named),
`needs` (each of them), `says` (a part of some statement's reason).
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from undeny import catalog
from undeny.decide import Compiled, compile_policies, evaluate
from undeny.decide.model import Verdict
from undeny.lab.definition import decide

SECTION = re.compile(r"^## (.+?)\n\n<(https://\S+)>\n\n```json\n(.*?)\n```\n\n```json verdict\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
FILES = sorted(Path(__file__).parent.glob("*.md"))
ROWS = [json.loads(line) for line in Path(__file__).with_name("audit.jsonl").read_text("utf-8").splitlines()]
SUPPORTED = frozenset(catalog.rcp_services().prefixes)
SCENARIOS = [(path.stem, *match.groups()) for path in FILES for match in SECTION.finditer(path.read_text("utf-8"))]


def check(verdict: Verdict, expect: dict[str, Any]) -> None:
    assert verdict.decision == expect["decision"]
    assert sorted(verdict.blocked_by) == sorted(expect.get("blocked_by", verdict.blocked_by))
    assert {name: verdict.layers[name] for name in expect.get("layers", {})} == expect.get("layers", {})
    assert set(expect.get("needs", ())) <= set(verdict.needs)
    assert not expect.get("says") or any(expect["says"] in statement.why for statement in verdict.statements)


def explanation_agrees(verdict: Verdict) -> bool:
    """The second pass says of each layer what the first decided: a layer denies exactly where a Deny of it applies."""
    denied = {statement.layer for statement in verdict.statements if statement.effect == "Deny" and statement.applies}
    return denied == {name for name, state in verdict.layers.items() if state == "explicitly_denied"}


@pytest.mark.parametrize(("file", "sentence", "source", "scenario", "verdict"), SCENARIOS, ids=[f"{row[0]}: {row[1]}" for row in SCENARIOS])
def test_scenario(file: str, sentence: str, source: str, scenario: str, verdict: str):
    agrees(json.loads(scenario), json.loads(verdict))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['family']}: {row['sentence']}" for row in ROWS])
def test_row(row: dict[str, Any]):
    agrees(row["scenario"], row["expect"])


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['family']}: {row['sentence']}" for row in ROWS])
def test_the_definition_decides_the_row_so_too(row: dict[str, Any]):
    found, expect = decide(row["scenario"], SUPPORTED), row["expect"]
    assert found["decision"] == expect["decision"]
    assert sorted(found["blocked_by"]) == sorted(expect.get("blocked_by", found["blocked_by"]))
    assert found["layers"] | expect.get("layers", {}) == found["layers"]


def agrees(given: dict[str, Any], expect: dict[str, Any]) -> None:
    found = evaluate(given)
    check(found, expect)
    assert (found.decision == "unknown") == bool(found.needs), "an unknown names what would settle it, and nothing else does"
    assert explanation_agrees(found)
    if "resources" not in given and "now" not in given:
        compiled: Compiled = compile_policies(given["policies"])
        answers = [compiled.allows(given["request"]) for _ in range(3)]
        assert answers == [found.decision == "allowed"] * 3, "the fast way agrees, before and after it knows the resource"


def test_every_section_of_every_file_is_read():
    assert [path.read_text("utf-8").count("\n## ") for path in FILES] == [sum(row[0] == path.stem for row in SCENARIOS) for path in FILES]
