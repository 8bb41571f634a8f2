"""What comparing with one outside implementation came to."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinds import Kind, kind_of
from undeny import catalog
from undeny.decide import evaluate
from undeny.lab.definition import decide

Json = dict[str, Any]
ROWS = Path(__file__).parents[1] / "tests" / "data" / "disagreements.jsonl"
SUPPORTED = frozenset(catalog.rcp_services().prefixes)


@dataclass(frozen=True)
class Disagreement:
    """One scenario, made small, on which the two decide differently."""

    id: str
    ours: str
    theirs: str
    scenario: Json

    @property
    def kind(self) -> Kind | None:
        """Its settled kind, `None` where it is a new one."""
        return kind_of(self.scenario)


@dataclass
class Campaign:
    """Counts and disagreements. `agreed` counts by decision, `left_out` by reason, `taken_out` what was removed from scenarios."""

    name: str
    version: str
    agreed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    taken_out: Counter[str] = field(default_factory=Counter)
    found: list[Disagreement] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def compared(self) -> int:
        """How many scenarios both decided."""
        return self.agreed.total() + len(self.found)


def decided(scenario: Json) -> str:
    """Give undeny's decision, `unknown` also where it is not known whether a denial is explicit."""
    verdict = evaluate(scenario)
    return "unknown" if verdict.decision == "implicitly_denied" and verdict.open else verdict.decision


def differ(scenario: Json) -> bool:
    """Whether engine and definition decide a scenario differently: then one of undeny's own two is wrong."""
    return bool(evaluate(scenario).decision != decide(scenario, SUPPORTED)["decision"])


def keep(campaign: Campaign) -> int:
    """Keep a scenario of each kind and pair of decisions that the regression test does not have yet; give how many were new."""
    rows = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()] if ROWS.exists() else []
    known = {(row["kind"], row["outside"], row["ours"], row["theirs"]) for row in rows}
    before = len(rows)
    for one in campaign.found:
        kind = one.kind
        if kind is None or (kind.id, campaign.name, one.ours, one.theirs) in known:
            continue
        known.add((kind.id, campaign.name, one.ours, one.theirs))
        expect = one.theirs if kind.right == "outside" else one.ours
        row = {"id": f"{campaign.name}-{one.id}", "kind": kind.id, "outside": campaign.name, "ours": one.ours, "theirs": one.theirs}
        row |= {"right": kind.right, "rule": kind.rule, "source": kind.source}
        rows.append(row | {"scenario": one.scenario, "expect": {"decision": expect}})
    rows.sort(key=lambda row: (row["kind"], row["outside"], row["ours"], row["theirs"]))
    ROWS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return len(rows) - before
