"""The questions that `undeny check` answers, each with a request that shows why not; every such request is decided by the engine."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from undeny import catalog, decide
from undeny.errors import UndenyError
from undeny.iam.arn import Arn
from undeny.iam.model import Document
from undeny.iam.principal import Principal
from undeny.prove.containment import trusted
from undeny.prove.containment.boxes import Caller, boxes, read
from undeny.prove.containment.model import CheckName, CheckResult, StatementOf, Witness
from undeny.prove.containment.question import Answer, Case, answer, question

Source = str | bytes | Mapping[str, Any] | Document
Kind = Literal["identity", "resource"]
EXAMPLE = "arn:aws:iam::111122223333:role/Example"


def no_new_access(old: Source, new: Source, type: Kind = "identity") -> CheckResult:  # noqa: A002 - the public name, fixed by the interface
    """Prove that `new` allows no request that `old` does not."""
    before, after = read(old), read(new)
    asked = question(after, before, _kind(type))
    found = answer(asked, lambda case: allows(after, case, type) and not allows(before, case, type))
    return _result("no-new-access", found, before, after)


def allows_beyond(old: Source | None, new: Source | None, granted: Sequence[Sequence[str]] = (), kind: Kind = "identity") -> CheckResult:
    """Prove that `new` allows nothing that `old` does not, beyond what was granted; `None` for no policy at all.

    `granted` are (action, resource) or (action, resource, principal): requests that may be allowed anew, wildcards as in a policy.
    """
    empty: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}
    before, after = read(empty if old is None else old), read(empty if new is None else new)
    named = [{"Effect": "Allow", "Action": a, "Resource": r, "Principal": {"AWS": list(who)} if who else "*"} for a, r, *who in granted]
    asked = question(after, before, _kind(kind))
    asked = msgspec.structs.replace(asked, granted=boxes(read({"Version": "2008-10-17", "Statement": named}), "granted"))
    found = answer(asked, lambda case: allows(after, case, kind) and not allows(before, case, kind))
    return _result("no-new-access", found, before, after)


def implies(one: Source, other: Source, kind: Kind = "identity") -> CheckResult:
    """Prove that whatever `one` allows `other` allows too; the witness is a request that only `one` allows."""
    return no_new_access(other, one, kind)


def equivalent(one: Source, other: Source, kind: Kind = "identity") -> CheckResult:
    """Prove that two policies allow the same requests; the witness is a request that one of them alone allows."""
    there = implies(one, other, kind)
    return there if there.holds is not True else implies(other, one, kind)


def disjoint(one: Source, other: Source, kind: Kind = "identity") -> CheckResult:
    """Prove that no request is allowed by both policies; the witness is a request that both allow."""
    first, second = read(one), read(other)
    asked = question(first, second, _kind(kind))
    both = tuple(box for box in asked.old if not box.allow)
    asked = msgspec.structs.replace(asked, new=(*asked.new, *both), old=(), also=tuple(box for box in asked.old if box.allow))
    found = answer(asked, lambda case: allows(first, case, kind) and allows(second, case, kind))
    return _result("no-new-access", found, first, second)


def access_not_granted(
    policy: Source,
    actions: Sequence[str] = (),
    resources: Sequence[str] = (),
    type: Kind = "identity",  # noqa: A002 - the public name, fixed by the interface
) -> CheckResult:
    """Prove that no request, in any context, is allowed one of the actions on one of the resources; none given: any."""
    document = read(policy)
    wanted = (actions,) if isinstance(actions, str) else tuple(actions)
    on = (resources,) if isinstance(resources, str) else tuple(resources)
    asked = question(document, None, _kind(type), actions=wanted, resources=on)
    found = answer(asked, lambda case: allows(document, case, type))
    strange = [name for name in wanted if "*" not in name and "?" not in name and catalog.action(name) is None]
    notes = tuple(f"the catalogue does not know the action {name}" for name in strange)
    return msgspec.structs.replace(_result("access-not-granted", found, document), notes=notes)


def no_public_access(policy: Source, resource_type: str | None = None) -> CheckResult:
    """Prove that a resource's policy lets in nobody who is not told apart by a fixed value of a trusted key."""
    document = read(policy)
    asked = question(document, None, "resource")
    asked = msgspec.structs.replace(asked, new=tuple(box for box in asked.new if set(box.principal or ("*",)) != {"CanonicalUser"}))
    conditions = [wanted for box in asked.new for wanted in box.conditions]
    public = (Caller("anonymous", Principal.parse("anonymous")), PUBLIC_ROLE, PUBLIC_USER)
    asked = msgspec.structs.replace(asked, callers=public, domains=trusted.domains(conditions))
    found = answer(asked, lambda case: allows(document, case, "resource"))
    free = [box for box in asked.new if box.allow and not box.conditions]
    providers = sorted({entry for box in free for entry in (box.principal or {}).get("Federated", ())})
    if found.none and providers:
        why = f"whether everyone can get a token from {providers[0]}: the statement asks nothing of it"
        found = Answer(none=None, why=why)
    result = _result("no-public-access", found, document)
    return msgspec.structs.replace(result, notes=(f"judged as {resource_type}",)) if resource_type else result


STRANGER = "999988887777"
PUBLIC_ROLE, PUBLIC_USER = (
    Caller(text, Principal.parse(text), others=())
    for text in (f"arn:aws:sts::{STRANGER}:assumed-role/Some/session", f"arn:aws:iam::{STRANGER}:user/someone")
)


def _kind(kind: str) -> str:
    if kind not in ("identity", "resource"):
        raise UndenyError(f"a policy is of type `identity` or `resource`, not `{kind}`", code="bad-policy-type")
    return kind


def request_of(case: Case, spelled: Mapping[str, str]) -> dict[str, Any]:
    """Write a request that was found as a scenario's `request`, keys spelled as the policies do."""
    found = case.found
    context: dict[str, Any] = dict(case.values)
    for key, values in found.keys.items():
        context[key] = None if not values else values[0] if len(values) == 1 and not _several(key) else list(values)
    principal = _principal(case)
    account = Principal.parse(principal).account
    context = {spelled.get(key, key): value for key, value in context.items()}
    return {"principal": principal, "action": found.action, "resource": found.resource, "resource_account": account, "context": context}


def _principal(case: Case) -> str:
    """Name who makes the request that was found: where anyone will do, someone who has the ARN and the name that it asks for."""
    who = case.caller.who
    arn = (case.found.keys.get("aws:principalarn") or ("",))[0]
    name = (case.found.keys.get("aws:username") or ("",))[0]
    named = Principal.parse(arn)
    if not case.caller.text:
        return arn if named.kind in ("user", "role") else EXAMPLE
    if case.caller.others is None:
        return case.caller.text
    if who.kind == "user":
        return arn if named.kind == "user" else f"arn:{who.partition}:iam::{who.account}:user/{name}" if name else case.caller.text
    if who.kind == "federated_user":
        return arn if named.kind == "federated_user" else case.caller.text
    return f"arn:{named.partition}:sts::{named.account}:assumed-role/{named.name}/session" if named.kind == "role" else case.caller.text


def spelling(*policies: Document | None) -> dict[str, str]:
    """Give the condition keys as the policies spell them, by key in lower case."""
    texts = " ".join(policy.text for policy in policies if policy)
    written = {condition.key for policy in policies if policy for statement in policy.statements for condition in statement.condition}
    return {key.lower(): key for key in (*re.findall(r"\$\{([\w:/.+=@-]+)", texts), *written)}


def _several(key: str) -> bool:
    known = catalog.condition_key(key)
    return known is not None and known.multivalued


def allows(policy: Document, case: Case, kind: str) -> bool:
    """Whether the engine finds the request allowed by this policy, read alone."""
    policies: dict[str, Any] = {"identity": [], "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    policies |= {"identity": [{"name": "policy", "policy": policy.data}]} if kind == "identity" else {"resource": policy.data}
    request = request_of(case, {})
    verdict = decide.evaluate({"id": "check", "request": request, "policies": policies, "resources": _behind(request["resource"])})
    return verdict.layers["identity" if kind == "identity" else "resource"] == "allowed"


def _behind(resource: str) -> dict[str, Any]:
    """Give an access point a bucket that agrees to everything: its own policy is what is asked about."""
    arn = Arn.parse(resource)
    if arn is None or arn.service_prefix != "s3" or not arn.resource.startswith("accesspoint/"):
        return {}
    point = resource.partition("/object/")[0]
    bucket = f"arn:{arn.partition}:s3:::behind"
    agrees = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    return {point: {"settings": {"Bucket": "behind"}}, bucket: {"policy": agrees}}


def _result(check: CheckName, found: Answer, *policies: Document | None) -> CheckResult:
    if found.case is None:
        return CheckResult(check=check, holds=found.none, needs=(found.why,) if found.why else ())
    request = request_of(found.case, spelling(*policies))
    context = {key: tuple(value) if isinstance(value, list) else value for key, value in request["context"].items()}
    witness = Witness(principal=request["principal"], action=request["action"], resource=request["resource"], context=context)
    box = found.case.box
    return CheckResult(check=check, holds=False, witness=witness, statements=(StatementOf(policy="new", sid=box.sid, index=box.index),))
