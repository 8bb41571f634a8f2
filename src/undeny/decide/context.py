"""The context of a request: what is given, and what the engine fills in from principal and resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from undeny.decide.call import Call
from undeny.iam.variables import UNKNOWN, KeyValue

GLOBAL_SERVICES = frozenset(
    {
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
        # https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
        *("iam", "organizations", "route53", "route53domains", "cloudfront", "support", "account", "health", "trustedadvisor"),
        *("globalaccelerator", "shield", "waf", "budgets", "ce", "cur", "aws-portal", "billing", "payments", "tax", "invoicing"),
        *("consolidatedbilling", "freetier", "networkmanager", "artifact", "supportplans", "chatbot", "pricing"),
    }
)
_GLOBAL_REGION = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_TYPES = {"user": "User", "role": "AssumedRole", "role_session": "AssumedRole", "federated_user": "FederatedUser", "root": "Account"}
_NO_PRINCIPAL_KEYS = frozenset({"service", "anonymous", "web_identity", "saml"})
_FAMILY = ("/", "*")
"""How a family of unknown keys ends: `aws:ResourceTag/*`, `kms:EncryptionContext:*`."""
_LOWER: dict[str, str] = {}


class Tagged(dict[str, KeyValue]):
    """A context in which every key that begins with one of `prefixes` and is not given is unknown: tags that were not read, say."""

    def __init__(self, values: Mapping[str, KeyValue], prefixes: tuple[str, ...]) -> None:
        super().__init__(values)
        self._prefixes = prefixes

    def get(self, key: str, default: Any = None) -> Any:
        """Give a key's value, `UNKNOWN` for one of the unread ones."""
        if key in self:
            return self[key]
        return UNKNOWN if key.startswith(self._prefixes) else default


def given(context: Mapping[str, Any], unknown_keys: Sequence[str]) -> dict[str, KeyValue]:
    """Fold the names of the given keys to lower case; a list is several values, `None` says that a key is absent."""
    found: dict[str, KeyValue] = {}
    for key, value in context.items():
        lower = _LOWER.get(key) or _remember(key)
        found[lower] = value if value.__class__ is str or value is None else _several(value)
    if unknown_keys:
        unknown: dict[str, KeyValue] = {key.lower(): UNKNOWN for key in unknown_keys if not key.endswith(_FAMILY)}
        found = {**unknown, **found}
        prefixes = tuple(key.lower().removesuffix("*") for key in unknown_keys if key.endswith(_FAMILY))
        return Tagged(found, prefixes) if prefixes else found
    return found


def _remember(key: str) -> str:
    if len(_LOWER) > 10000:
        _LOWER.clear()
    lower = _LOWER[key] = key.lower()
    return lower


def _several(value: Any) -> KeyValue:
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def together(base: Mapping[str, KeyValue], told: dict[str, KeyValue]) -> dict[str, KeyValue]:
    """Lay what is given over what was filled in."""
    if told.__class__ is not dict:
        for key, value in base.items():
            told.setdefault(key, value)
        return told
    return {**base, **told}


def filled_in(call: Call, *, caller_in_organization: bool | None, resource_in_organization: bool | None) -> dict[str, KeyValue]:
    """Give the keys that follow from principal, resource and time, in lower case.

    Whether each side is in an organisation: `None` where that is not known. What AWS owns is in no organisation of ours.
    """
    owned_by_aws = call.resource_account is None and call.resource != "*"
    inside = None if owned_by_aws else _organization(resource_in_organization)
    now = call.now.astimezone(UTC) if call.now is not None else None
    found: dict[str, KeyValue] = {
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:currenttime": now.isoformat().replace("+00:00", "Z") if now else UNKNOWN,
        "aws:epochtime": str(int(now.timestamp())) if now else UNKNOWN,
        "aws:requestedregion": _region(call),
        "aws:resourceaccount": call.account if call.resource == "*" and call.resource_account is None else call.resource_account,
        "aws:resourceorgid": inside,
        "aws:resourceorgpaths": inside,
    }
    kind = call.principal.kind
    if kind in _NO_PRINCIPAL_KEYS:
        if kind == "service":
            found["aws:principalisawsservice"] = "true"
        return found
    found.update(_principal_keys(call))
    found["aws:principalorgid"] = found["aws:principalorgpaths"] = _organization(caller_in_organization)
    return found


def _organization(inside: bool | None) -> KeyValue:  # noqa: FBT001 - a third of three answers
    return None if inside is False else UNKNOWN


def _principal_keys(call: Call) -> dict[str, KeyValue]:
    who = call.principal
    nobody_said = who.kind in {"unknown", "unique_id"}
    return {
        "aws:principalisawsservice": UNKNOWN if not who.text else "false",
        "aws:principalarn": UNKNOWN if nobody_said else call.principal_arn,
        "aws:principalaccount": who.account or UNKNOWN,
        "aws:principaltype": _TYPES.get(who.kind, UNKNOWN),
        "aws:userid": _user_id(call),
        "aws:username": who.name if who.kind == "user" else UNKNOWN if nobody_said else None,
    }


def _user_id(call: Call) -> KeyValue:
    """Write `aws:userid` as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable has it."""
    who = call.principal
    if who.kind == "root":
        return who.account
    if who.kind == "federated_user":
        return f"{who.account}:{who.name}"
    if who.kind == "unique_id":
        return who.text
    identifier = call.setting(call.principal_arn, "RoleId" if who.kind in {"role", "role_session"} else "UserId")
    if not isinstance(identifier, str) or who.kind == "role":
        return UNKNOWN
    return f"{identifier}:{who.session_name}" if who.kind == "role_session" else identifier


def _region(call: Call) -> KeyValue:
    if call.arn is not None and call.arn.region and "*" not in call.arn.region:
        return call.arn.region
    if call.service in GLOBAL_SERVICES:
        partition = call.arn.partition if call.arn is not None else call.principal.partition
        return _GLOBAL_REGION.get(partition, UNKNOWN)
    return UNKNOWN
