"""VPC endpoints: their state, and what their policy says of the call, which `decide` decides.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

import json
from collections.abc import Mapping
from typing import Any

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.leg import Leg
from undeny.reach.model import Hop, HopVerdict

_SERVING = "available"


def state_hop(endpoint: Thing, kind: str) -> Hop:
    """Say whether an endpoint is in service."""
    name, state = str(endpoint["VpcEndpointId"]), str(endpoint.get("State", _SERVING))
    word = "gateway" if kind == "gateway-endpoint" else "interface"
    blocked = state.lower() != _SERVING
    told = (
        f"{name} is {state}: it carries nothing"
        if blocked
        else f"{name}, the {word} endpoint of {endpoint.get('ServiceName')}, is available"
    )
    verdict: HopVerdict = "blocked" if blocked else "open"
    code = "BAD_STATE" if blocked else None
    if kind == "gateway-endpoint":
        return Hop(kind="gateway-endpoint", id=name, verdict=verdict, says=told, code=code)
    return Hop(kind="interface-endpoint", id=name, verdict=verdict, says=told, code=code)


def interface_hops(leg: Leg, endpoint: Thing, held: Thing | None) -> tuple[Hop, ...]:
    """Check an interface endpoint: its state, where it stands, its policy."""
    hop = state_hop(endpoint, "interface-endpoint")
    if held is not None and hop.verdict == "open":
        told = f"{hop.says}, {held.get('PrivateIpAddress')} in {held.get('SubnetId')}"
        hop = Hop(kind="interface-endpoint", id=hop.id, verdict="open", says=told)
    return (hop, *policy_hop(leg, endpoint))


def policy_hop(leg: Leg, endpoint: Thing) -> tuple[Hop, ...]:
    """Ask the endpoint's policy about the call, where the call is known; it never stops a packet: AWS answers with a 403."""
    text = endpoint.get("PolicyDocument")
    if not text:
        return ()
    name = str(endpoint["VpcEndpointId"])
    if full_access(text):
        return (Hop(kind="endpoint-policy", id=name, verdict="open", says=f"the policy of {name} allows everything"),)
    question = leg.question
    if not question.action:
        note = "give --principal, --action and --resource to have it decided; it never stops a packet, AWS answers with a 403"
        return (Hop(kind="endpoint-policy", id=name, verdict="open", says=f"the policy of {name} limits which calls pass", note=note),)
    return (_decided(leg, name, text),)


def full_access(text: str) -> bool:
    """Tell whether a policy is the one that AWS gives an endpoint by itself.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#default-endpoint-policy
    """
    try:
        held = json.loads(text)
    except ValueError:
        return False
    told = held.get("Statement", ()) if isinstance(held, Mapping) else ()
    wanted = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return any(
        {key: one.get(key) for key in one if key != "Sid"} == wanted for one in ([told] if isinstance(told, Mapping) else told)
    ) and not any(one.get("Effect") == "Deny" for one in ([told] if isinstance(told, Mapping) else told))


def _decided(leg: Leg, name: str, text: str) -> Hop:
    from undeny import decide  # noqa: PLC0415 - only where a call is to be decided

    question = leg.question
    call = f"{question.action} on {question.resource or '*'}"
    request: dict[str, Any] = {
        "principal": question.principal, "action": question.action, "resource": question.resource or "*", "resource_account": None,
        "context": {"aws:SourceVpce": name, "aws:SourceVpc": leg.sender.vpc},
    }  # fmt: skip
    try:
        policy = json.loads(text)
    except ValueError:
        policy = {}
    layers = {
        "identity": [],
        "boundary": None,
        "session": None,
        "resource": None,
        "scp": [],
        "rcp": [],
        "endpoint": [{"name": name, "policy": policy}],
    }
    found = decide.evaluate({"id": name, "request": request, "policies": layers}).layers["endpoint"]
    if found == "allowed":
        return Hop(kind="endpoint-policy", id=name, verdict="open", says=f"the policy of {name} allows {call}")
    if found in ("implicitly_denied", "explicitly_denied"):
        told = f"the policy of {name} {'denies' if found == 'explicitly_denied' else 'does not allow'} {call}: AWS answers with a 403"
        return Hop(kind="endpoint-policy", id=name, verdict="blocked", says=told, hint={"explicit": found == "explicitly_denied"})
    gap = Gap(what=f"whether the policy of {name} allows {call}", why="its conditions ask what was not given", how="give --context")
    return Hop(kind="endpoint-policy", id=name, verdict="unknown", says=f"whether the policy of {name} allows {call} is not known", gap=gap)
