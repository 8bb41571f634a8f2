"""One request made ready to be decided: the caller and what is known of it, the resource, whether one account holds both."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from undeny.evidence.model import Resource
from undeny.iam import arn as arns
from undeny.iam import principal as principals
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal, PrincipalKind

WITHOUT_IDENTITY = frozenset({"service", "anonymous", "web_identity", "saml", "oai"})
"""Callers that have no identity policies: the resource's policy alone decides."""
_TOKEN_ACTIONS: Mapping[str, PrincipalKind] = {"assumerolewithwebidentity": "web_identity", "assumerolewithsaml": "saml"}
_UNNAMED = Principal(kind="unknown", text="")


RESOURCE = "\0resource"
"""Where a context holds the resource for a call that stands for many."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What of a request does not change with its context. `same_account` is `None` where it is not known.

    `principal_arn` is what the call has for `aws:PrincipalArn` (a role's ARN for its sessions), `None` where it has none;
    `path_known` is false for a role session whose role's path nobody told. `boundary` says whether the caller has one.
    `stands_for_many`: made for every resource of the same shape (`shape`); which one it is, is then asked for in the context.
    """

    principal: Principal
    action: str
    service: str
    name: str
    resource: str
    arn: Arn | None
    resource_account: str | None
    same_account: bool | None
    has_identity: bool
    principal_arn: str | None
    path_known: bool
    things: Mapping[str, Resource]
    parameters: Mapping[str, Any]
    boundary: bool | None = False
    now: datetime | None = None
    stands_for_many: bool = False
    source_vpce: str | None = None
    """The id of the VPC endpoint that the request came through, where the context gives it."""
    resource_untold: bool = False
    """Nobody named the resource: what the request has in its place is a pattern (`*`, `key/*`), and which one it is would tell."""

    @property
    def account(self) -> str | None:
        """The caller's account."""
        return self.principal.account

    def does(self, *names: str) -> bool:
        """Whether the action is one of these, given as `service:name` in lower case."""
        return f"{self.service}:{self.name}" in names

    def setting(self, arn: str | None, name: str) -> Any:
        """Give one setting of a thing; `None` where it is not known."""
        thing = self.things.get(arn) if arn else None
        return thing.settings.get(name) if thing is not None else None

    def listed(self, arn: str | None, name: str) -> tuple[Mapping[str, Any], ...]:
        """Give a setting that is a list of objects; what else is in it is left out."""
        found = self.setting(arn, name)
        return tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list | tuple) else ()

    def account_setting(self, account: str | None, name: str) -> Any:
        """Give one setting of a whole account."""
        partition = self.arn.partition if self.arn is not None else self.principal.partition
        return self.setting(f"arn:{partition}:iam::{account}:root", name) if account else None

    @property
    def bucket(self) -> str | None:
        """The ARN of the bucket that an S3 request without access point goes to."""
        if self.arn is None or self.service != "s3" or self.arn.account:
            return None
        return f"arn:{self.arn.partition}:s3:::{self.arn.bucket}" if self.arn.service_prefix == "s3" else None


def make_call(  # noqa: PLR0913 - the parts of a request, all of them independent
    who: str | None,
    action: str,
    resource: str,
    resource_account: str | None,
    principal_arn: str | None,
    *,
    things: Mapping[str, Resource],
    parameters: Mapping[str, Any],
    now: datetime | None = None,
    boundary: bool | None = False,
    stands_for_many: bool = False,
    resource_untold: bool = False,
    source_vpce: str | None = None,
) -> Call:
    """Take a request apart. `principal_arn` is `aws:PrincipalArn` as the context gives it."""
    service, _, name = action.lower().partition(":")
    caller = _caller(who, service, name)
    told = principal_arn if _fits(caller, principal_arn) else _role_arn(caller, things)
    return Call(
        principal=caller,
        action=action,
        service=service,
        name=name,
        resource=resource,
        arn=arns.parse(resource),
        resource_account=resource_account,
        same_account=_same(caller, resource_account),
        has_identity=caller.kind not in WITHOUT_IDENTITY,
        principal_arn=told or (caller.role_arn if caller.kind == "role_session" else caller.text or None),
        path_known=caller.kind != "role_session" or told is not None,
        things=things,
        parameters=parameters,
        boundary=boundary if caller.kind != "root" else False,
        now=now,
        stands_for_many=stands_for_many,
        source_vpce=source_vpce,
        resource_untold=resource_untold and "*" in resource,
    )


def shape(resource: str) -> str | None:
    """Give what all resources share that the rules beyond statements treat alike, where nothing is known of any; `None`: just this one.

    Partition, service, Region, account and the first word of the resource part; buckets and objects have no such word.
    """
    parts = arns.split(resource)
    if parts is None:
        return None
    head, rest = resource[: len(resource) - len(parts[5])], parts[5]
    if parts[2] == "s3":
        return None if parts[4] else head
    end = min((at for at in (rest.find("/"), rest.find(":")) if at >= 0), default=0)
    return head + rest[:end] + ("*" if rest.startswith("role/aws-service-role/") else "")


def _fits(caller: Principal, principal_arn: str | None) -> bool:
    """Whether a given `aws:PrincipalArn` tells more of this caller: the ARN with path of a session's role."""
    arn = arns.parse(principal_arn) if principal_arn else None
    if arn is None or caller.kind != "role_session":
        return False
    return arn.resource_type == "role" and (arn.account, arn.name) == (caller.account, caller.name)


def _caller(who: str | None, service: str, name: str) -> Principal:
    """Read the caller; for a token's call an unknown provider's name is an identity provider."""
    if not who:
        return _UNNAMED
    caller = principals.parse(who)
    kind = _TOKEN_ACTIONS.get(name) if service == "sts" else None
    if kind is None or caller.kind in {"web_identity", "saml"}:
        return caller
    if caller.kind in {"service", "unknown"}:
        return Principal(kind=kind, text=who, partition=caller.partition, account=caller.account, name=caller.name or who)
    return caller


def _same(caller: Principal, resource_account: str | None) -> bool | None:
    if resource_account is None:
        return True
    if caller.account is None:
        return False if caller.kind in WITHOUT_IDENTITY else None
    return caller.account == resource_account


def _role_arn(caller: Principal, things: Mapping[str, Resource]) -> str | None:
    """Find the ARN with path of a session's role among what was read: a role's name is unique in its account."""
    if caller.kind != "role_session":
        return None
    for text in things:
        arn = arns.parse(text) if ":role/" in text else None
        if arn is not None and arn.resource_type == "role" and arn.account == caller.account and arn.name == caller.name:
            return text
    return None
