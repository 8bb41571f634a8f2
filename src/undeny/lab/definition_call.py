"""Who calls, what is known of the call, and how a statement names the caller.

A part of `definition.py`, which says more; like it, it shares nothing with the engine.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from undeny.lab.definition_language import Keys, Told, Truth, all_of, any_of, instant, listed, negate, text

Json = Mapping[str, Any]
UNREAD = "unknown"
"""What stands for a policy that could not be read."""

KINDS = {"user/": "user", "role/": "role", "assumed-role/": "session", "federated-user/": "federated", "root": "root"}


@dataclass(frozen=True)
class Caller:
    """A caller with an account (`user`, `role`, `session`, `federated`, `root`) or one without, which has no identity side.

    Those without: `service`, `anonymous`, `provider` (of a web identity or SAML assertion), `oai` (a CloudFront origin access identity).
    """

    arn: str
    kind: str
    account: str | None = None
    partition: str = "aws"
    name: str = ""

    @property
    def role(self) -> str:
        """The ARN by which conditions know the caller: of a session the role's (its path does not show)."""
        return f"arn:{self.partition}:iam::{self.account}:role/{self.name}" if self.kind == "session" else self.arn


def caller_of(principal: str) -> Caller:
    """Read the principal of a request."""
    arn = re.fullmatch(r"arn:([\w-]+):(?:iam|sts)::([\w-]*):(.*)", principal, re.DOTALL)
    if arn is None:
        service = re.fullmatch(r"[\w.-]+\.amazonaws\.com(\.cn)?", principal) and not principal.startswith("cognito-identity.")
        return Caller(principal, "anonymous" if principal == "anonymous" else "service" if service else "provider")
    partition, account, rest = arn.groups()
    kind = next((kind for start, kind in KINDS.items() if rest.startswith(start)), "provider")
    if kind == "provider" or not re.fullmatch(r"\d{12}", account):
        return Caller(principal, "oai" if kind == "user" else "provider")
    return Caller(principal, kind, account, partition, rest.split("/")[1 if kind == "session" else -1])


def service_linked(arn: str) -> bool:
    """Whether this is a service-linked role, or a session of one."""
    return ":role/aws-service-role/" in arn or ":assumed-role/AWSServiceRoleFor" in arn


GLOBAL_SERVICES = {"iam", "organizations", "account", "route53", "cloudfront", "support", "budgets", "ce", "shield", "waf"}


@dataclass(frozen=True)
class Call:
    """The request and all that is known about it."""

    caller: Caller
    action: str
    resource: str
    account: str | None
    keys: Keys
    things: Json
    path_known: bool = False
    """Whether `aws:PrincipalArn` was given: the ARN of a role session does not show the path of its role."""
    untold: bool = False
    """Whether nobody named the resource: what stands in its place is a pattern."""

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.action.split(":")[0].lower()

    @property
    def same_account(self) -> bool:
        """What AWS owns counts as the caller's own."""
        return self.account in (None, self.caller.account)

    def setting(self, arn: str, name: str) -> Any:
        """Look up a known fact of a thing, `None` where nobody said."""
        return (self.things.get(arn, {}).get("settings") or {}).get(name)

    def account_setting(self, account: str | None, name: str) -> Any:
        """Look up a known fact of a whole account."""
        found = (self.setting(arn, name) for arn in self.things if re.fullmatch(rf"arn:[\w-]+:iam::{account}:root", arn))
        return next((value for value in found if value is not None), None)

    def does(self, *actions: str) -> bool:
        """Whether the action is one of these."""
        return self.action.lower() in [action.lower() for action in actions]


def call_of(scenario: Json) -> Call:
    """Read a scenario's request, and fill in the keys that follow from it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    request, policies, things = scenario["request"], scenario["policies"], scenario.get("resources") or {}
    caller, resource, account = caller_of(request["principal"]), request.get("resource") or "*", request.get("resource_account")
    call = Call(caller, request["action"], resource, account, {}, things)
    now, region = scenario.get("now"), resource.split(":")[3] if resource.count(":") >= 5 else ""
    keys: Keys = {"aws:securetransport": ("true",), "aws:viaawsservice": ("false",)}
    keys["aws:currenttime"] = (now,) if now else None
    keys["aws:epochtime"] = (str(int(instant(now).timestamp())),) if now else None
    keys["aws:requestedregion"] = (region,) if region else ("us-east-1",) if call.service in GLOBAL_SERVICES else None
    keys["aws:resourceaccount"] = (account,) if account else (caller.account,) if resource == "*" and caller.account else ()
    owned_by_aws = account is None and resource != "*"
    keys["aws:resourceorgid"] = keys["aws:resourceorgpaths"] = () if policies.get("rcp", UNREAD) == [] or owned_by_aws else None
    if caller.kind == "service":
        keys["aws:principalisawsservice"] = ("true",)
    if caller.kind == "oai":  # a user of CloudFront's: AWS documents none of its keys but the ARN
        keys |= dict.fromkeys(("aws:principalaccount", "aws:principaltype", "aws:userid"))
        keys |= {"aws:principalarn": (caller.arn,), "aws:principalisawsservice": ("false",)}
        keys["aws:principalorgid"] = keys["aws:principalorgpaths"] = () if policies.get("scp", UNREAD) == [] else None
    if caller.account:
        keys["aws:principalisawsservice"] = ("false",)
        keys["aws:principalarn"], keys["aws:principalaccount"] = (caller.role,), (caller.account,)
        keys["aws:principaltype"] = ({"user": "User", "federated": "FederatedUser", "root": "Account"}.get(caller.kind, "AssumedRole"),)
        keys["aws:principalorgid"] = keys["aws:principalorgpaths"] = () if policies.get("scp", UNREAD) == [] else None
        keys["aws:username"] = (caller.name,) if caller.kind == "user" else ()
        keys["aws:userid"] = user_id(call)
    if call.service == "s3" and ":accesspoint/" in resource:
        keys["s3:dataaccesspointarn"] = (resource.partition("/object/")[0],)
        keys["s3:dataaccesspointaccount"] = (resource.split(":")[4],)
    given = {name.lower(): value for name, value in (request.get("context") or {}).items()}
    unknown = [name.lower() for name in request.get("unknown_keys") or ()]
    keys |= dict.fromkeys(unknown)
    keys |= {name: () if value is None else tuple(text(v) for v in listed(value)) for name, value in given.items()}
    if call.service == "s3" and (call.setting(resource, "AbacStatus") or {}).get("Status") == "Disabled":  # a bucket's tags do not count
        keys = {name: value for name, value in keys.items() if not name.startswith("aws:resourcetag/")}
    families = tuple(name.removesuffix("*") for name in unknown if name.endswith(("/", "*")))
    untold = "resource" in unknown and "*" in resource
    return replace(call, keys=Told(keys, families), path_known=given.get("aws:principalarn") is not None, untold=untold)


def user_id(call: Call) -> tuple[str, ...] | None:
    """Give the `aws:userid` of a caller with an account, `None` where its unique id is not known."""
    caller, role_id, user = call.caller, call.setting(call.caller.role, "RoleId"), call.setting(call.caller.arn, "UserId")
    known = {
        "root": caller.account,
        "federated": f"{caller.account}:{caller.name}",
        "user": user,
        "session": role_id and f"{role_id}:{caller.arn.rsplit('/', 1)[-1]}",
    }.get(caller.kind)
    return (known,) if known else None


WAYS = ("direct", "everyone", "role", "account")
"""How a statement names the caller, the strongest first: itself; `*`; its role (or the user who federated); its account."""
Grants = dict[str, Truth]


def named_by(kind: str, value: str, call: Call, *, gateway: Truth = False) -> tuple[str, Truth]:
    """Whether one entry of a principal element names the caller, and how.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    caller, account = call.caller, re.fullmatch(r"(?:arn:([\w-]+):iam::)?(\d{12})(:root)?", value)
    if value == "*":
        return "everyone", True
    if kind in ("Service", "Federated"):
        return "direct", value == caller.arn and caller.kind == {"Service": "service", "Federated": "provider"}[kind]
    if kind == "CanonicalUser":  # the id of an account, or of an origin access identity: which is not known
        return "account", None if caller.account or caller.kind == "oai" else False
    if account:
        only_root = negate(gateway) if caller.kind != "root" else True
        return "account", all_of([account[2] == caller.account and account[1] in (None, caller.partition), only_root])
    if value == caller.arn and value.startswith("arn:") and "-provider/" not in value:
        return ("role" if caller.kind == "role" else "direct"), True
    stem = f"arn:{caller.partition}:{{}}::{caller.account}:{{}}/"
    if caller.kind in ("session", "federated"):
        if caller.kind == "session" and call.path_known:
            return "role", (value,) == call.keys["aws:principalarn"]
        behind = stem.format("iam", {"session": "role", "federated": "user"}[caller.kind])
        return "role", value.startswith(behind) and value.rsplit("/", 1)[-1] == caller.name
    is_session = caller.kind == "role" and value.startswith(stem.format("sts", "assumed-role") + caller.name + "/")
    return "direct", None if is_session else False


def names(statement: Json, call: Call, boundary: Any, gateway: Truth) -> Grants:
    """How the principal element names the caller; of `NotPrincipal`, whether it fails to spare the caller (as `everyone`)."""
    element = statement.get("Principal", statement.get("NotPrincipal", {}))
    entries = element.items() if isinstance(element, Mapping) else [("AWS", element)]
    found = [named_by(kind, value, call, gateway=gateway) for kind, values in entries for value in listed(values)]
    named = {way: any_of(truth for found_way, truth in found if found_way == way) for way in WAYS}
    if "Principal" in statement:
        return named
    must = {"session": ("direct", "role", "account"), "role": ("direct", "role", "account"), "root": ("account",)}.get(
        call.caller.kind, ("direct", "account") if call.caller.account else ("direct",)
    )
    missed = negate(any_of([named["everyone"], all_of(named[way] for way in must)]))
    if statement["Effect"] == "Deny":  # it denies whoever has a boundary
        bounded = None if boundary == UNREAD else boundary is not None
        return {"everyone": any_of([missed, bounded if call.caller.account and call.caller.kind != "root" else False])}
    partly = missed and any_of(named.values()) is not False
    return {"everyone": None if partly else missed}
