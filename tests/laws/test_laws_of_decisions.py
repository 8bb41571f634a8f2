"""The laws of AWS's evaluation, as properties of the engine and of the definition alike.

The root user, KMS grants and ACLs have laws of their own; where a law does not hold for them it says so.
"""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from generators import laws, scenarios
from undeny import catalog
from undeny.decide import evaluate
from undeny.lab.definition import decide

Decide = Callable[[dict[str, Any]], str]
SUPPORTED = frozenset(catalog.rcp_services().prefixes)
DENIED = ("implicitly_denied", "explicitly_denied")
EXEMPT = ("not_applicable",)
FREE = ("sts:getcalleridentity", "sts:getsessiontoken")
"""Calls that need no permission and that no identity policy can take away: no law about allows and denies speaks of them."""
examples = settings(
    max_examples=100, deadline=None, derandomize=True, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
chances = st.integers(0, 2**32 - 1).map(Random)  # one draw each: what is generated cannot depend on what was drawn before


def by_engine(scenario: dict[str, Any]) -> str:
    return evaluate(scenario).decision


def by_definition(scenario: dict[str, Any]) -> str:
    return decide(scenario, SUPPORTED)["decision"]


deciders = pytest.mark.parametrize("decision", [by_engine, by_definition])


@deciders
@examples
@given(chances)
def test_an_applying_deny_always_denies(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    assume(scenario["request"]["action"].lower() not in FREE)
    changed = laws.with_statement(rng, scenario, "Deny", applying=True)
    assume(changed is not None)
    denied, layer = changed
    verdict = decide(denied, SUPPORTED)
    root_mends_its_bucket = scenario["request"]["principal"].endswith(":root") and "BucketPolicy" in scenario["request"]["action"]
    assume(verdict["layers"][layer] not in EXEMPT and not (layer == "resource" and root_mends_its_bucket))
    assume(not (layer == "identity" and scenario["request"]["principal"].endswith(":root")))
    assume(not (layer == "resource" and scenario["id"] == "trust" and "Resource" in denied["policies"]["resource"]))
    assert decision(denied) == "explicitly_denied", (layer, denied)


@deciders
@examples
@given(chances)
def test_nothing_is_allowed_without_an_allow(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    assume(not scenario["request"]["principal"].endswith(":root") and scenario["request"]["action"].lower() not in FREE)
    scenario.pop("resources", None)
    for layer in laws.LAYERS:
        if scenario["policies"].get(layer) == "unknown":
            scenario["policies"][layer] = None
        for document in laws.documents(scenario, layer):
            document["Statement"] = [one for one in laws.statements(document) if one["Effect"] == "Deny"]
    scenario["policies"] = dict.fromkeys(laws.LAYERS) | scenario["policies"]
    assert decision(scenario) in DENIED, scenario


@deciders
@examples
@given(chances)
def test_order_and_duplicates_change_nothing(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    assert decision(laws.shuffled(rng, scenario)) == decision(scenario), scenario


@deciders
@examples
@given(chances)
def test_adding_a_deny_never_allows(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    changed = laws.with_statement(rng, scenario, "Deny")
    assume(changed is not None)
    before, after = decision(scenario), decision(changed[0])
    assert before not in DENIED or after in DENIED, changed
    assert before == "allowed" or after != "allowed", changed


@deciders
@examples
@given(chances)
def test_adding_an_allow_never_denies(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    changed = laws.with_statement(rng, scenario, "Allow")
    assume(changed is not None)
    blocks_public_access = "RestrictPublicBuckets" in str(scenario.get("resources"))  # one public statement cuts all of a policy
    assume(not (changed[1] == "resource" and blocks_public_access))
    before, after = decision(scenario), decision(changed[0])
    assert after not in DENIED or before in DENIED, changed
    assert before != "allowed" or after == "allowed", changed


@deciders
@examples
@given(chances)
def test_knowing_more_never_contradicts_what_was_known(decision: Decide, rng: Random):
    scenario = scenarios.scenario(rng)
    keys = scenario["request"].get("unknown_keys")
    assume(keys)
    before = decision(scenario)
    assume(before != "unknown")
    settled = copy.deepcopy(scenario)
    settled["request"]["unknown_keys"] = keys[1:]
    settled["request"]["context"][keys[0]] = scenarios.context_value(rng, keys[0]) if rng.randrange(2) else None
    after = decision(settled)
    assert (after == "allowed") == (before == "allowed")
    assert before != "explicitly_denied" or after == "explicitly_denied"
