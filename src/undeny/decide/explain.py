"""From a settled plan to the verdict: the statements that decide, what is missing, the rules beyond statements."""

from collections.abc import Iterable, Sequence

from undeny.decide.judge import Judged, judge
from undeny.decide.layers import endpoint
from undeny.decide.model import LAYERS, LayerName, Need, StatementResult
from undeny.decide.plan import Plan, Settled
from undeny.decide.rules import Answer, Check, CompiledLayers, Entry
from undeny.evidence.model import Gap
from undeny.iam.variables import Context

_UNDOCUMENTED = "whether a permissions boundary or session policy limits a grant to everyone or a KMS grant: AWS does not say"


def judged(plan: Plan, context: Context, *, every: bool) -> list[Judged]:
    """Judge every statement of the layers that apply, or only those that may."""
    found: list[Judged] = []
    parts = plan.parts
    if plan.entries is None:
        plan.entries = _by_layer(parts.compiled)
    for name, entries in plan.entries.items():
        if name != "resource" and not plan.rules[name].applies:
            continue
        if name == "identity" and plan.call.principal.kind == "root":
            continue  # the root user has no identity policies
        namer = plan.parts.own.namer if name == "resource" else plan.rules[name].namer
        without: Answer = plan.parts.own.without_resource if name == "resource" else None
        wanted = entries if every else _candidates(plan, name)
        for one in wanted:
            known = None if namer is not None or parts.off else one.passed_over.get(plan.call.action)
            off = parts.off.get(id(one))
            found.append(known or judge(one, plan.call, context, namer=namer, without_resource=without, off=off))
    if parts.second is not None:
        bucket, call = parts.second
        rule = parts.policies[1]
        found.extend(judge(one, call, context, namer=rule.namer, without_resource=True, off=parts.off.get(id(one))) for one in bucket.all)
    return found


def _by_layer(compiled: CompiledLayers) -> dict[LayerName, tuple[Entry, ...]]:
    found: dict[LayerName, tuple[Entry, ...]] = {}
    for name in LAYERS:
        held = getattr(compiled, name)
        sets = held if isinstance(held, tuple) else (held,) if held is not None else ()
        found[name] = tuple(entry for entries in sets for entry in entries.all)
    return found


def _checks(plan: Plan, name: LayerName) -> Iterable[Check]:
    if name == "resource":
        for policy in plan.policies:
            yield from policy.denies
            for checks in policy.ways.values():
                yield from checks
        return
    rule = plan.rules[name]
    yield from rule.denies
    for group in rule.groups:
        yield from group


def _candidates(plan: Plan, name: LayerName) -> list[Entry]:
    own = set() if plan.parts.second is None else {id(entry) for entry in plan.parts.second[0].all}
    found = {id(check.entry): check.entry for check in _checks(plan, name) if check.entry is not None}
    return [entry for key, entry in found.items() if key not in own]


def arranged(found: Sequence[Judged], settled: Settled, *, every: bool) -> tuple[StatementResult, ...]:
    """Put the deciding statements first, then the others, nearest miss first."""
    kept = found if every else [one for one in found if one.result.applies is not False]
    groups: dict[tuple[LayerName, str, Answer], int] = {}
    ranks = []
    for one in kept:
        result = one.result
        key = (result.layer, result.effect, result.applies)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(result, settled) << 56
        ranks.append(group + one.order)
    return tuple([kept[place].result for place in sorted(range(len(kept)), key=ranks.__getitem__)])


def _group(result: StatementResult, settled: Settled) -> int:
    blocks = 0 if result.layer in settled.blocked_by else 1
    missing = not blocks and settled.decision == "implicitly_denied" and result.effect == "Allow"
    if result.applies:
        decides = result.effect == ("Deny" if settled.decision == "explicitly_denied" else "Allow")
        group = 0 if decides and settled.decision in {"explicitly_denied", "allowed"} else 2
    elif missing:
        group = 1
    elif result.applies is None:
        group = 0 if settled.decision == "unknown" else 2
    else:
        group = 3 if result.effect == "Allow" or settled.decision == "allowed" else 4
    return group * 2 + blocks


def needs(plan: Plan, settled: Settled, found: Sequence[Judged]) -> tuple[Need, ...]:
    """Name what would settle an unknown decision."""
    if settled.decision != "unknown":
        return ()
    wanted: list[Need] = []
    for name in LAYERS:
        if settled.denies[name] is not None and settled.allows[name] is not None and name != "resource":
            continue
        gaps = (check.gap for check in _checks(plan, name) if check.gap is not None)
        wanted.extend(Need(kind="policy", what=gap.what, how=_how(gap)) for gap in gaps)
        wanted.extend(need for one in found if one.result.layer == name for need in _of_statement(plan, one))
    wanted.extend(_of_rules(plan, settled))
    return tuple({(need.kind, need.what): need for need in wanted}.values())


def _how(gap: Gap) -> str | None:
    return gap.how or (f"read it with {gap.permission}" if gap.permission else None)


def _of_statement(plan: Plan, one: Judged) -> Iterable[Need]:
    result = one.result
    if result.applies is not None:
        return
    for key in one.keys:
        yield Need(kind="context", what=f"context key {key}")
    where = f"statement {result.sid or result.index} of {result.policy or f'the {result.layer} policy'}"
    if one.malformed:
        yield Need(kind="rule", what=f"what {where} means: it is malformed")
    elif result.miss is not None and not one.keys:
        if result.miss.element == "principal":
            yield _of_principal(plan, result, where)
        elif result.miss.element == "resource" and plan.call.resource_untold:
            yield Need(kind="rule", what="which resource the call is on")
        else:
            yield Need(kind="rule", what=f"how AWS reads {result.miss.operator or result.miss.element} in {where}")


def _of_principal(plan: Plan, result: StatementResult, where: str) -> Need:
    if result.layer == "endpoint" and plan.call.principal.kind not in {"unknown", "unique_id"}:
        what = f"VpcEndpointType of {endpoint.endpoint_arn(plan.call) or 'the VPC endpoint'}"
        return Need(kind="setting", what=what, how="ec2:DescribeVpcEndpoints")
    return Need(kind="setting", what=f"whether the caller is the principal of {where}")


def _of_rules(plan: Plan, settled: Settled) -> Iterable[Need]:
    for policy in plan.policies:
        for checks in policy.ways.values():
            for check in checks:
                if check.certain is None and check.entry is None and check.gap is None:
                    yield Need(kind="setting", what=f"ObjectOwnership of {plan.call.bucket}", how="s3:GetBucketOwnershipControls")
    for what in plan.parts.unsaid:
        yield Need(kind="rule", what=what)
    if plan.call.same_account is None:
        yield Need(kind="setting", what="account of the caller")
    if plan.veto_unknown(settled):
        yield Need(kind="context", what="context key s3:x-amz-acl")
    for one in settled.sides:
        if one.limits is False and (one.way("everyone") or one.way("grant")):
            yield Need(kind="rule", what=_UNDOCUMENTED)


def notes(plan: Plan, settled: Settled, context: Context) -> tuple[str, ...]:
    """Say which rules beyond statements had a part."""
    parts = plan.parts
    said = [why for test, why in parts.vetoes if test(context)] + parts.notes
    if plan.call.principal.kind == "root":
        said.append("the root user has everything on the identity side")
    if plan.call.principal.is_service_linked_role and (parts.compiled.scp or parts.compiled.rcp):
        said.append("service-linked roles are outside SCPs and RCPs")
    for ways in settled.ways:
        if ways.get("grant"):
            said.append("a KMS grant lets the caller in")
    if plan.call.principal.kind == "federated_user" and parts.compiled.session is None:
        said.append("a federated user without a session policy has no permission of its own")
    return tuple(dict.fromkeys(said))
