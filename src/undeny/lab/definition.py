"""What AWS decides, written to be read: the whole of its policy evaluation over a plain scenario, slow and three-valued.

The engine in `decide/` is compared with this on random scenarios; so this shares no code with it, and imports nothing of undeny but
its own other parts: `definition_language` (patterns and conditions), `definition_call` (who calls, what is known) and
`definition_services` (KMS, trust policies, S3). Truth is `True`, `False` or `None` (not known), combined as in Kleene's logic.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from undeny.lab.definition_call import UNREAD, WAYS, Call, Grants, Json, call_of, names, service_linked
from undeny.lab.definition_language import (
    Truth,
    action_fits,
    all_of,
    any_of,
    condition_holds,
    listed,
    negate,
    resource_fits,
    text,
    untold_fits,
)
from undeny.lab.definition_services import (
    acl_grants,
    beneath_access_point,
    block_public_access,
    foreign_object,
    gateway_endpoint,
    has_acl,
    is_key,
    is_trust,
    kms_grant,
    needs_no_permission,
    never,
    owner_root_may,
    public,
)

LAYERS = ("rcp", "scp", "endpoint", "resource", "identity", "boundary", "session", "scope_down")
GATES = ("rcp", "scp", "endpoint", "scope_down")
"""Layers that must allow, whatever the others say."""


@dataclass(frozen=True)
class Reading:
    """What a layer says by itself: whether a deny applies, whether an allow does (and how it names the caller)."""

    deny: Truth
    grants: Grants

    @property
    def allow(self) -> Truth:
        """Whether some allow applies."""
        return any_of(self.grants.values())


UNREADABLE = Reading(None, dict.fromkeys(WAYS))
SILENT = Reading(False, dict.fromkeys(WAYS, False))


def decide(scenario: Json, rcp_services: Collection[str] | None = None) -> dict[str, Any]:
    """Decide one scenario: `decision`, `layers` and `blocked_by` as in the interface's verdict.

    `rcp_services` are the service prefixes that RCPs reach (AWS's list grows); `None`: every service.
    """
    call, policies = call_of(scenario), scenario["policies"]
    layers = read_layers(policies, call, rcp_services)
    allow = {name: True if layer is None else layer.allow for name, layer in layers.items()}
    permitted, missing = permission(call, layers, allow)
    denied = any_of(layer.deny for layer in layers.values() if layer)
    allowed = all_of([permitted, *(allow[name] for name in GATES)])
    blocked = {name for name, layer in layers.items() if layer and layer.deny} | {name for name in GATES if allow[name] is False}
    return {
        "id": scenario.get("id"),
        "decision": decision(denied, allowed),
        "layers": {name: label(layers[name]) for name in LAYERS},
        "blocked_by": [name for name in LAYERS if name in blocked or (permitted is False and name in missing)],
    }


def decision(denied: Truth, allowed: Truth) -> str:
    """Name the decision: a proven deny first, then a missing allow, and what is not known only where neither is sure."""
    if denied:
        return "explicitly_denied"
    if allowed is False:
        return "implicitly_denied"
    return "unknown" if denied is None or allowed is None else "allowed"


def read_layers(policies: Json, call: Call, rcp_services: Collection[str] | None) -> dict[str, Reading | None]:
    """Read each layer; `None` where it does not exist or the caller is exempt."""

    def given(name: str) -> Any:
        return policies.get(name, None if name == "scope_down" else UNREAD)

    layers: dict[str, Reading | None] = dict.fromkeys(LAYERS)
    layers["rcp"] = read_levels(given("rcp"), call, "rcp") if reached_by_rcp(call, rcp_services) else None
    layers["scp"] = read_levels(given("scp"), call, "scp") if reached_by_scp(call) else None
    layers["endpoint"] = read_set(given("endpoint"), call, "endpoint", gateway=gateway_endpoint(call))
    layers["resource"] = read_resource(policies, call)
    if call.caller.account:
        layers |= {name: read_set(given(name), call, name) for name in ("identity", "boundary", "session", "scope_down")}
    if call.caller.kind == "root":
        layers |= {"identity": Reading(False, {"direct": True}), "boundary": None}
    if needs_no_permission(call) and call.caller.account:
        layers |= {"identity": Reading(False, {"direct": True}), "boundary": None, "session": None, "scope_down": None}
        return layers | {name: unsaid(layers[name]) for name in ("rcp", "scp", "endpoint")}
    if call.caller.kind == "federated" and given("session") is None:  # GetFederationToken without a session policy allows nothing
        layers["session"] = SILENT
    return layers


def unsaid(layer: Reading | None) -> Reading | None:
    """Whether organisation and endpoint can forbid what needs no permission AWS does not say: what they forbid is not known."""
    return layer and Reading(None if layer.deny else layer.deny, {"direct": layer.allow or None})


def label(layer: Reading | None) -> str:
    """Name a layer's own verdict."""
    if layer is None:
        return "not_applicable"
    if layer.deny:
        return "explicitly_denied"
    return "unknown" if layer.deny is None or layer.allow is None else "allowed" if layer.allow else "implicitly_denied"


def permission(call: Call, layers: Mapping[str, Reading | None], allow: Mapping[str, Truth]) -> tuple[Truth, set[str]]:
    """Whether the two sides permit the call, and which of their layers would have to change if not, whoever owns the object."""
    foreign = foreign_object(call)
    cases = {not call.same_account, True} if foreign is None else {foreign or not call.same_account}
    found = [two_sides(call, layers, allow, across=across) for across in cases]
    truths = {truth for truth, _ in found}
    return (truths.pop() if len(truths) == 1 else None), set.intersection(*(missing for _, missing in found))


def two_sides(call: Call, layers: Mapping[str, Reading | None], allow: Mapping[str, Truth], *, across: bool) -> tuple[Truth, set[str]]:
    """Whether identity side and resource side together permit the call, in one account or across two; and what is missing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
    """
    resource = layers["resource"] or SILENT
    grants = {way: resource.grants.get(way, False) for way in (*WAYS, "grant")}
    inner = all_of([allow["boundary"], allow["session"]])
    undocumented = any_of([inner, None])  # whether boundary and session policy limit a grant to `*` or a KMS grant
    by_grant = all_of([grants["grant"], undocumented])
    if layers["identity"] is None:
        return resource.allow, {"resource"}
    required = is_trust(call) or is_key(call) or never(call)
    missing = {name for name in ("boundary", "session") if allow[name] is False}
    if across:
        missing |= {name for name, truth in (("identity", allow["identity"]), ("resource", resource.allow)) if truth is False}
        return any_of([by_grant, all_of([allow["identity"], inner, resource.allow])]), missing
    alone = any_of([grants["direct"], all_of([grants["role"], inner]), all_of([grants["everyone"], undocumented]), by_grant])
    if required and resource.allow is False:
        missing.add("resource")
    elif allow["identity"] is False and grants["role"] is False:
        missing.add("identity")
    return any_of([alone, all_of([allow["identity"], inner, resource.allow if required else True])]), missing


def statement_grants(  # noqa: PLR0913 - all that a statement's effect depends on
    statement: Json, call: Call, *, version: str | None, layer: str, boundary: Any, gateway: Truth
) -> Grants:
    """Whether the statement applies, by the way in which it names the caller."""
    variables, effect = version == "2012-10-17", statement["Effect"]
    keys = call.keys if variables else None
    by_principal = layer in ("resource", "rcp", "endpoint")
    named = names(statement, call, boundary, gateway) if by_principal else {"direct": True}
    if effect == "Allow" and named.get("everyone") and names_the_caller(statement, call):
        named = named | {"direct": named["everyone"], "everyone": False}
    actions = [action_fits(pattern, call.action) for pattern in listed(statement.get("Action", statement.get("NotAction")))]
    about = untold_fits if call.untold else resource_fits
    resources = [about(p, call.resource, keys) for p in listed(statement.get("Resource", statement.get("NotResource", [])))]
    none_named = call.service != "kms" if layer == "resource" else None
    rest = all_of(
        [
            any(actions) if "Action" in statement else not any(actions),
            any_of(resources) if "Resource" in statement else negate(any_of(resources)) if "NotResource" in statement else none_named,
            *(
                condition_holds(name, key, [text(v) for v in listed(values)], call.keys, variables=variables)
                for name, block in statement.get("Condition", {}).items()
                for key, values in block.items()
            ),
        ]
    )
    return {way: all_of([truth, rest]) for way, truth in named.items()}


def names_the_caller(statement: Json, call: Call) -> bool:
    """Whether a statement for `*` asks for the caller's `aws:PrincipalArn`: then it grants to that principal itself.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    arn = call.keys.get("aws:principalarn") or ()
    return any(
        name.removeprefix("ForAnyValue:").startswith(("String", "Arn"))
        and "Not" not in name
        and set(arn) & {text(v) for v in listed(values)}
        for name, block in statement.get("Condition", {}).items()
        for key, values in block.items()
        if key.lower() == "aws:principalarn"
    )


def read(policy: Any, call: Call, layer: str, boundary: Any = None, *, gateway: Truth = False) -> Reading:
    """One document."""
    if not isinstance(policy, Mapping):
        return UNREADABLE
    about = {"version": policy.get("Version"), "layer": layer, "boundary": boundary, "gateway": gateway}
    found = [(s["Effect"], statement_grants(s, call, **about)) for s in listed(policy.get("Statement", []))]
    deny = any_of(truth for effect, grants in found if effect == "Deny" for truth in grants.values())
    return Reading(deny, {way: any_of(g.get(way, False) for effect, g in found if effect == "Allow") for way in WAYS})


def together(readings: list[Reading], join: Callable[[Iterable[Truth]], Truth]) -> Reading:
    """Several documents or levels: any of them denies; one allow is enough, or (`all_of`) each must allow."""
    allow = join(reading.allow for reading in readings) if readings else False
    return Reading(any_of(reading.deny for reading in readings), {"direct": allow})


def read_set(value: Any, call: Call, layer: str, *, gateway: Truth = False) -> Reading | None:
    """Read the policies of a layer; `None` where the layer does not apply."""
    if value is None or value == UNREAD:
        return UNREADABLE if value else None
    readings = [read(item["policy"], call, layer, gateway=gateway) for item in value]
    return together(readings, all_of if layer == "scope_down" else any_of)


def read_levels(value: Any, call: Call, layer: str) -> Reading | None:
    """Read the levels of an organisation: every one must allow, any one denies; an account in no organisation has none."""
    if not value or value == UNREAD:
        return UNREADABLE if value else None
    return together([read_set(level["policies"], call, layer) or SILENT for level in value], all_of)


def reached_by_scp(call: Call) -> bool:
    """SCPs bind the principals of member accounts, the root user too; not the management account's, nor service-linked roles.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    account = call.caller.account
    member = account is not None and call.account_setting(account, "MasterAccountId") != account
    beyond = call.caller.kind == "root" and ROOT_TASKS.fullmatch(call.action.lower()) is not None
    return member and not service_linked(call.caller.arn) and not beyond


ROOT_TASKS = re.compile(r"mechanicalturk:.*|supportplans:.*|ec2:(modify|reset)addressattribute")
"""What SCPs do not keep the root user from: Mechanical Turk, the support plan, reverse DNS.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
"""


def reached_by_rcp(call: Call, services: Collection[str] | None) -> bool:
    """RCPs bind the resources of member accounts in supported services, whoever calls.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    exempt = (
        (call.resource == "*" and not call.untold)
        or call.account is None
        or call.does("kms:RetireGrant")
        or service_linked(call.caller.arn)
        or service_linked(call.resource)
        or call.setting(call.resource, "KeyManager") == "AWS"
        or call.account_setting(call.account, "MasterAccountId") == call.account
    )
    return not exempt and (services is None or call.service in services)


def read_resource(policies: Json, call: Call) -> Reading | None:
    """Read the resource's policy, with what its service adds to it or takes away; `None` where there is nothing."""
    policy, boundary = policies.get("resource", UNREAD), policies.get("boundary", UNREAD)
    reading = SILENT if policy is None else read(policy, call, "resource", boundary)
    if ":accesspoint/" in call.resource and call.service == "s3":
        asked, own = beneath_access_point(call)
        reading = agreed(reading, SILENT if own is None else read(own, asked, "resource", boundary))
    deny = False if owner_root_may(call) else reading.deny
    block = block_public_access(call)
    outside = call.caller.kind != "service" and (call.caller.account is None or not call.same_account)
    cut = any_of([all_of([public(policy), outside and block["RestrictPublicBuckets"]]), foreign_object(call)])
    grants = {way: all_of([truth, negate(cut)]) for way, truth in reading.grants.items()}
    for way, truth in acl_grants(call, ignore_public=block["IgnorePublicAcls"]).items():
        grants[way] = any_of([grants[way], truth])
    grants["grant"] = kms_grant(call)
    if never(call):
        grants = dict.fromkeys(grants, False)
    silent = policy is None and deny is False and any_of(grants.values()) is False and not has_acl(call)
    return None if silent and foreign_object(call) is not True else Reading(deny, grants)


def agreed(point: Reading, bucket: Reading) -> Reading:
    """Join the policies of an access point and its bucket: both must allow, and the weaker way of naming the caller counts."""
    pairs = ((point.grants, bucket.grants), (bucket.grants, point.grants))
    ways = {way: any_of(all_of([x[way], any_of(y[w] for w in WAYS[: i + 1])]) for x, y in pairs) for i, way in enumerate(WAYS)}
    return Reading(any_of([point.deny, bucket.deny]), ways)
