"""Every scenario in the Markdown files of this folder is decided as it says: one sentence of AWS's rules each, with AWS's page.

A section holds the sentence, the address, a scenario, and of the verdict what matters: `decision`, `blocked_by`, `layers` (those named),
`needs` (each of them), `says` (a part of some statement's reason).
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from undeny.decide import Compiled, compile_policies, evaluate
from undeny.decide.model import Verdict

SECTION = re.compile(r"^## (.+?)\n\n<(https://\S+)>\n\n```json\n(.*?)\n```\n\n```json verdict\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
FILES = sorted(Path(__file__).parent.glob("*.md"))
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
    given = json.loads(scenario)
    found = evaluate(given)
    check(found, json.loads(verdict))
    assert (found.decision == "unknown") == bool(found.needs), "an unknown names what would settle it, and nothing else does"
    assert explanation_agrees(found)
    if "resources" not in given and "now" not in given:
        compiled: Compiled = compile_policies(given["policies"])
        answers = [compiled.allows(given["request"]) for _ in range(3)]
        assert answers == [found.decision == "allowed"] * 3, "the fast way agrees, before and after it knows the resource"


def test_every_section_of_every_file_is_read():
    assert [path.read_text("utf-8").count("\n## ") for path in FILES] == [sum(row[0] == path.stem for row in SCENARIOS) for path in FILES]
