"""Block Public Access: public grants switched off, other accounts cut off, public ACLs and policies refused."""

from collections.abc import Mapping
from typing import Any

from undeny.decide.call import Call
from undeny.decide.plan import Parts
from undeny.decide.rules import Entries
from undeny.decide.services.s3_access_point import access_point, bucket_of
from undeny.decide.services.s3_acl import PUBLIC
from undeny.errors import UndenyError
from undeny.iam import document, operators
from undeny.iam.conditions import read_operator
from undeny.iam.model import Condition, Statement
from undeny.iam.variables import Context, Unknown

NEEDS = ("s3:",)
FACTS_ONLY = True
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
_FIXING_KEYS = frozenset(
    {
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:sourceip", "aws:sourcearn"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid", "s3:dataaccesspointarn"),
        *("s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id", "aws:sourceorgid", "aws:sourceorgpaths"),
    }
)
_PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
_TAKES_ACL = ("s3:putobject", "s3:putobjectacl", "s3:putobjectversionacl", "s3:putbucketacl", "s3:createbucket")


def adapt(call: Call, parts: Parts) -> None:
    """Apply what bucket, access point and account switch on together."""
    point = access_point(call)
    bucket = bucket_of(call, point) if point else call.bucket
    on = _switched_on(call, (bucket, point))
    if "IgnorePublicAcls" in on:
        parts.own.filtered(lambda check: check.what != PUBLIC)
        parts.notes.append("Block Public Access switches off public ACLs (IgnorePublicAcls)")
    if "RestrictPublicBuckets" in on and call.principal.kind != "service" and not (call.has_identity and call.same_account):
        _restrict(parts)
    if "BlockPublicAcls" in on and call.does(*_TAKES_ACL):
        parts.vetoes.append((_asks_for_public_acl, "Block Public Access refuses a public ACL (BlockPublicAcls)"))
    if "BlockPublicPolicy" in on and call.does("s3:putbucketpolicy", "s3:putaccesspointpolicy") and _puts_public_policy(call):
        parts.forbid("Block Public Access refuses a public policy (BlockPublicPolicy)")


def _switched_on(call: Call, things: tuple[str | None, ...]) -> set[str]:
    blocks = [call.setting(thing, "PublicAccessBlockConfiguration") for thing in things]
    blocks.append(call.account_setting(call.resource_account, "PublicAccessBlockConfiguration"))
    return {name for block in blocks if isinstance(block, Mapping) for name, on in block.items() if on is True}


def _restrict(parts: Parts) -> None:
    """Cut what a public policy grants to other accounts and to nobody in particular."""
    why = "Block Public Access switched it off: the policy is public (RestrictPublicBuckets)"
    for rule, entries in zip(parts.policies, (parts.compiled.resource, parts.second[0] if parts.second else None), strict=False):
        if entries is None or not is_public(entries):
            continue
        for check in [check for checks in rule.ways.values() for check in checks]:
            parts.switch_off(check, why)
        rule.filtered(lambda check: check.entry is None)
        parts.notes.append(why)


def is_public(entries: Entries) -> bool:
    """Whether a policy counts as public: an Allow for `*` that no fixed value narrows."""
    return any(_public_statement(entry.statement.statement) for entry in entries.all)


def _public_statement(statement: Statement) -> bool:
    if statement.effect != "Allow":
        return False
    everyone = statement.not_principal is not None or any(
        "*" in entries for kind, entries in (statement.principal or {}).items() if kind in {"AWS", "*"}
    )
    return everyone and not any(_fixes(condition) for condition in statement.condition)


def _fixes(condition: Condition) -> bool:
    """Whether a condition holds a key that narrows the callers to fixed values."""
    written = read_operator(condition.operator)
    if written is None or written.operator.negated or written.if_exists or written.quantifier == "all":
        return False
    if condition.key.lower() not in _FIXING_KEYS:
        return False
    if written.operator.type == "ip":
        return all(_narrow(value) for value in condition.values)
    return written.operator.type in {"string", "arn"} and not any(_open(condition.key, value) for value in condition.values)


def _narrow(value: str) -> bool:
    """Whether a range is no wider than /8 (IPv4) or /32 (IPv6)."""
    found = operators.network(value)
    return found is not None and found.prefixlen >= (8 if found.version == 4 else 32)


def _open(key: str, value: str) -> bool:
    """Say where a wildcard leaves it open, but in the name of an access point or after a role's id."""
    if "${" in value:
        return True
    if key.lower() == "aws:userid":
        return "*" in value.partition(":")[0] or "?" in value.partition(":")[0]
    if key.lower() == "s3:dataaccesspointarn":
        return "*" in value.rpartition(":accesspoint/")[0]
    return "*" in value or "?" in value


def _asks_for_public_acl(context: Context) -> bool | None:
    found = context.get("s3:x-amz-acl")
    if isinstance(found, Unknown):
        return None
    return found in _PUBLIC_ACLS


def _puts_public_policy(call: Call) -> bool:
    """Whether the call's parameters hold a public policy; false where they hold none that can be read."""
    found: Any = next((call.parameters[name] for name in ("bucketPolicy", "policy", "Policy") if name in call.parameters), None)
    if not isinstance(found, str | Mapping):
        return False
    try:
        read = document.read(found)
    except UndenyError:
        return False
    return any(_public_statement(statement) for statement in read.statements)
