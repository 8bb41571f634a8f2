"""Random scenarios, undeny beside `@cloud-copilot/iam-simulate`."""

import json
import time
from typing import Any

import expressible
from campaign import Campaign, Disagreement, decided
from shrink import shrink
from simulate import HERE, Simulate

Json = dict[str, Any]
CLAIMS = ("token.", "saml:")


def run(count: int, lacking: str | None) -> Campaign:
    """Compare on `count` scenarios; seeds of what cannot be expressed are passed over. `lacking` says what is not installed."""
    if lacking:
        raise SystemExit(lacking)
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    found = Campaign("iam-simulate", lock["packages"]["node_modules/@cloud-copilot/iam-simulate"]["version"])
    start, seed = time.monotonic(), 0
    with Simulate() as peer:
        while found.compared < count:
            one(found, peer, seed)
            seed += 1
    found.seconds = time.monotonic() - start
    return found


def one(found: Campaign, peer: Simulate, seed: int) -> None:
    """Compare on one seed."""
    scenario, why = expressible.scenario(seed)
    if scenario is None:
        found.left_out[why] += 1
        return
    theirs, why = without_ignored(found, peer, scenario)
    if theirs is None:
        found.left_out[why] += 1
        return
    ours = decided(scenario)
    if ours == "unknown":
        found.left_out["undeny answers unknown"] += 1
    elif ours == theirs:
        found.agreed[ours] += 1
    else:
        small = shrink(scenario, lambda less: expressible.possible(less) and decided(less) == ours and peer.decide(less)[0] == theirs)
        found.found.append(Disagreement(str(seed), ours, theirs, small))


def without_ignored(found: Campaign, peer: Simulate, scenario: Json) -> tuple[str | None, str]:
    """Decide without the keys that AWS's reference does not list for the action: it drops them; a token's claims stay."""
    theirs, why, ignored = peer.decide(scenario)
    dropped = {key.lower() for key in ignored if not key.lower().startswith(CLAIMS)}
    context = scenario["request"]["context"]
    given = [key for key, value in context.items() if key.lower() in dropped and value is not None]
    if not given:
        return theirs, why
    found.taken_out["context keys that the reference does not list for the action"] += 1
    context |= dict.fromkeys(given)
    theirs, why, _ = peer.decide(scenario)
    return theirs, why
