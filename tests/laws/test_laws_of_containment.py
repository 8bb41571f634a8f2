"""Containment against the definition: what it proves, no request refutes; what it refutes, its witness shows."""

import copy
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generators import laws, pairs, realistic, scenarios
from undeny.iam import shrink
from undeny.lab.definition import decide
from undeny.prove.containment import disjoint, equivalent, implies, no_new_access

examples = settings(
    max_examples=100, deadline=None, derandomize=True, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
chances = st.integers(0, 2**32 - 1).map(Random)  # one draw each: what is generated cannot depend on what was drawn before
DENIED = ("implicitly_denied", "explicitly_denied", "not_applicable")


def let_in(document: dict[str, Any], request: dict[str, Any], layer: str) -> str:
    policies: dict[str, Any] = {"boundary": None, "session": None, "endpoint": None, "scp": [], "rcp": [], "identity": [], "resource": None}
    policies |= {"identity": [{"name": "p", "policy": document}]} if layer == "identity" else {"resource": document}
    return decide({"request": request, "policies": policies})["layers"][layer]


def has_identity(principal: str) -> bool:
    return (
        principal.startswith("arn:")
        and not principal.endswith(":root")
        and "-provider/" not in principal
        and ":cloudfront:" not in principal
    )


@examples
@given(chances)
def test_what_is_proved_no_request_refutes(rng: Random):
    kind, layer, asked, old, new = pairs.pair(rng)
    result = no_new_access(old, new, type=layer)
    for _ in range(25 if result.holds else 0):
        request = pairs.request(rng, kind, asked, [old, new])
        if layer == "resource" or has_identity(request["principal"]):
            assert let_in(new, request, layer) != "allowed" or let_in(old, request, layer) not in DENIED, (old, new, request)


@examples
@given(chances)
def test_what_is_refuted_its_witness_shows(rng: Random):
    _, layer, _, old, new = pairs.pair(rng)
    result = no_new_access(old, new, type=layer)
    if result.witness is not None and ":accesspoint/" not in result.witness.resource:
        seen = result.witness
        context = {key: list(value) if isinstance(value, tuple) else value for key, value in seen.context.items()}
        request = {"principal": seen.principal, "action": seen.action, "resource": seen.resource, "context": context}
        request["resource_account"] = seen.principal.split(":")[4] if seen.principal.startswith("arn:") else None
        assert let_in(new, request, layer) == "allowed", (new, request)
        assert let_in(old, request, layer) != "allowed", (old, request)


@examples
@given(chances)
def test_a_policy_allows_nothing_that_it_does_not_allow_and_a_deny_or_a_missing_allow_opens_nothing(rng: Random):
    kind, layer, asked, old, _ = pairs.pair(rng)
    less = copy.deepcopy(old)
    less["Statement"] = [one for one in laws.statements(less) if one["Effect"] == "Deny" or rng.randrange(2)]
    if rng.randrange(2):
        less["Statement"].append(scenarios.statement(rng, asked, kind, layer) | {"Effect": "Deny"})
    assert no_new_access(old, old, type=layer).holds is True
    assert no_new_access(old, less, type=layer).holds is True


@examples
@given(chances)
def test_a_policy_written_shorter_says_the_same(rng: Random):
    _, _, _, old, new = pairs.pair(rng)
    _, third, fourth = realistic.pair(rng)
    layer = "resource" if "rincipal" in str(old) else "identity"
    for policy, kind in ((old, layer), (new, layer), (third, "identity"), (fourth, "identity")):
        shorter = shrink.merge(policy)
        assert len(laws.statements(shorter)) <= len(laws.statements(policy))
        assert equivalent(policy, shorter, kind).holds is not False, (policy, shorter)


@examples
@given(chances)
def test_two_policies_are_disjoint_just_where_a_deny_of_the_one_takes_the_other_away(rng: Random):
    service, one, other = realistic.pair(rng)
    apart = disjoint(one, other)
    if apart.holds:
        for _ in range(25):
            request = realistic.request(rng, service, [one, other])
            assert not let_in(one, request, "identity") == let_in(other, request, "identity") == "allowed"
    else:
        assert apart.witness is not None
        seen = {"principal": apart.witness.principal, "action": apart.witness.action, "resource": apart.witness.resource}
        context = {key: list(value) if isinstance(value, tuple) else value for key, value in apart.witness.context.items()}
        request = seen | {"context": context, "resource_account": None}
        assert let_in(one, request, "identity") == let_in(other, request, "identity") == "allowed"
    nothing = {"Version": "2012-10-17", "Statement": [*one["Statement"], {"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    assert disjoint(nothing, one).holds is True
    assert implies(nothing, other).holds is True
