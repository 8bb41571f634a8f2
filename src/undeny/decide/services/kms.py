"""The key policy is the root of trust of a KMS key; grants let their grantee in; few operations cross accounts."""

from collections.abc import Mapping
from typing import Any

from undeny.decide.call import Call
from undeny.decide.layers import resource
from undeny.decide.order import both, either
from undeny.decide.plan import Parts
from undeny.decide.rules import Check
from undeny.iam import principal as principals
from undeny.iam.variables import Context, Unknown

NEEDS = ("kms:",)
SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"
GRANTS = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"
CROSS_ACCOUNT = frozenset(
    {
        # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
        *("decrypt", "encrypt", "generatedatakey", "generatedatakeypair", "generatedatakeypairwithoutplaintext"),
        *("generatedatakeywithoutplaintext", "generatemac", "verifymac", "reencryptfrom", "reencryptto", "sign", "verify"),
        *("derivesharedsecret", "creategrant", "describekey", "getkeyrotationstatus", "getpublickey", "listgrants", "retiregrant"),
        "revokegrant",
    }
)
_PREFIX = "kms:encryptioncontext:"


def adapt(call: Call, parts: Parts) -> None:
    """Ask the key policy, then the grants."""
    if call.arn is None or call.arn.service_prefix != "kms" or (call.arn.resource_type != "key" and parts.compiled.resource is None):
        return
    parts.policies[0] = resource.rule(call, parts.compiled, without_resource=False)
    parts.always_needs_the_policy()
    if call.has_identity and call.same_account is False:
        _across(call, parts)
    for grant in call.listed(call.resource, "Grants"):
        named = _is_for(call, grant)
        if named is not False:
            parts.own.add("grant", Check(certain=named, tests=_constraints(grant), what=f"KMS grant {grant.get('GrantId', '')}".strip()))
            parts.resource_applies = True


def _across(call: Call, parts: Parts) -> None:
    if call.name not in CROSS_ACCOUNT:
        parts.forbid(f"{call.action} cannot be called on a key of another account")
    elif call.setting(call.resource, "KeyManager") == "AWS":
        parts.forbid("an AWS managed key cannot be used by another account")


def _is_for(call: Call, grant: Mapping[str, Any]) -> bool | None:
    """Whether a grant names the caller and the operation; its retiring principal may retire it."""
    retires = _names(call, grant.get("RetiringPrincipal")) if call.does("kms:retiregrant") else False
    found = grant.get("Operations")
    operations = {str(one).lower() for one in found} if isinstance(found, list | tuple) else set()
    if call.name not in operations:
        return retires
    return either(retires, _names(call, grant.get("GranteePrincipal") or grant.get("GranteeServicePrincipal")))


def _names(call: Call, grantee: Any) -> bool | None:
    """Whether a grant's principal is the caller; `None` for a session of the role whose session nobody told."""
    if not isinstance(grantee, str):
        return False
    who, named = call.principal, principals.parse(grantee)
    if grantee in {who.text, call.principal_arn}:
        return named.kind != "root"
    if named.kind == "unique_id":
        return grantee in {call.setting(call.principal_arn, "RoleId"), call.setting(call.principal_arn, "UserId")}
    if (named.account, named.name) != (who.account, who.name):
        return False
    if named.kind == "role_session" and who.kind == "role":
        return None
    return (named.kind == "role" and not call.path_known) or (named.kind == "user" and who.kind == "federated_user")


def _constraints(grant: Mapping[str, Any]) -> tuple[Any, ...]:
    """Turn a grant's encryption context into tests.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
    """
    found = grant.get("Constraints")
    if not isinstance(found, Mapping):
        return ()
    tests = []
    equals, subset = found.get("EncryptionContextEquals"), found.get("EncryptionContextSubset")
    if isinstance(subset, Mapping):
        tests.append(lambda context: _holds_pairs(context, subset))
    if isinstance(equals, Mapping):
        tests.append(lambda context: both(_holds_pairs(context, equals), _no_other_key(context, equals)))
    return tuple(tests)


def _holds_pairs(context: Context, wanted: Mapping[str, Any]) -> bool | None:
    unknown = False
    for key, value in wanted.items():
        got = context.get(_PREFIX + str(key).lower())
        if isinstance(got, Unknown):
            unknown = True
        elif got not in (value, (value,)):
            return False
    return None if unknown else True


def _no_other_key(context: Context, wanted: Mapping[str, Any]) -> bool | None:
    own = {_PREFIX + str(key).lower() for key in wanted}
    others = [value for key, value in context.items() if key.startswith(_PREFIX) and key not in own and value is not None]
    if any(not isinstance(value, Unknown) for value in others):
        return False
    untold = isinstance(context.get(_PREFIX), Unknown)  # which keys the encryption context has is not known
    return None if others or untold else True
