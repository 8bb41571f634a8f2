"""Statements as boxes: who, which actions, which resources, under which conditions. A request is in a box or it is not."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from undeny.iam import document
from undeny.iam.model import Document, Principals, Statement
from undeny.iam.principal import Principal
from undeny.prove.containment import keys, patterns
from undeny.prove.containment.keys import Condition, Domain
from undeny.prove.containment.language import Language, exactly, language
from undeny.prove.containment.patterns import Values


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. `side` says which policy it is of (`old`, `new`); `variables` whether `${...}` is substituted.

    `usable` is false where nobody can say what the statement does.
    """

    side: str
    index: int
    sid: str | None
    allow: bool
    actions: Language
    not_actions: bool
    resources: tuple[str, ...] | None
    not_resources: bool
    conditions: tuple[Condition, ...]
    principal: Principals | None
    not_principal: Principals | None
    variables: bool
    usable: bool = True

    def resource_language(self, values: Values) -> Language:
        """Give the resources that its entries name."""
        known = values if self.variables else None
        return patterns.several(self.resources or (), lambda text: patterns.resource(text, known))

    @property
    def resource_names(self) -> frozenset[str]:
        """The keys that its resources use as policy variables."""
        if not self.variables:
            return frozenset()
        return frozenset().union(*(patterns.variables_in(patterns.halves(text)[1]) for text in self.resources or ()))

    @property
    def what(self) -> tuple[Any, ...]:
        """All that says which requests are in the box, whoever makes them."""
        return (self.actions, self.not_actions, self.resources, self.not_resources, self.conditions, self.variables)

    @property
    def exact(self) -> bool:
        """Whether it can be said of each request whether it is in the box."""
        return self.usable and all(wanted.exact for wanted in self.conditions)


def boxes(policy: Document, side: str) -> tuple[Box, ...]:
    """Read the statements of a document."""
    return tuple(_box(statement, side, variables=policy.variables) for statement in policy.statements)


def _box(statement: Statement, side: str, *, variables: bool) -> Box:
    named = statement.action if statement.action is not None else statement.not_action
    return Box(
        side=side,
        index=statement.index,
        sid=statement.sid,
        allow=statement.effect == "Allow",
        actions=patterns.actions(named or ()),
        not_actions=statement.action is None,
        resources=statement.resource if statement.resource is not None else statement.not_resource,
        not_resources=statement.resource is None and statement.not_resource is not None,
        conditions=tuple(keys.condition(written, variables=variables) for written in statement.condition),
        principal=statement.principal,
        not_principal=statement.not_principal,
        variables=variables,
        usable=statement.usable and named is not None,
    )


def read(source: str | bytes | Mapping[str, Any] | Document) -> Document:
    """Read a policy: a document, or its JSON text. What API Gateway lets its policies leave out of an ARN is filled in.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """
    found = source if isinstance(source, Document) else document.read(source)
    if '"execute-api:/' not in found.text:
        return found
    return document.read(re.sub(r'"execute-api:/', '"arn:aws:execute-api:*:*:*/', found.text))


# ---- callers

FRESH_ACCOUNTS = ("999988887777", "888877776666")
CALLER_KEYS = ("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice")


class Caller(msgspec.Struct, frozen=True):
    """Someone who may call: for an identity policy whoever has it (`text` empty), else one of each kind that the policies tell apart.

    `arn` is the ARN by which conditions know a session: its role's, path and all. Where `text` stands for whoever else there is of
    its account, `others` are the ARNs of those who are named and stand for themselves; otherwise it is `None`.
    """

    text: str
    who: Principal
    arn: str | None = None
    others: tuple[str, ...] | None = None

    @property
    def domains(self) -> dict[str, Domain]:
        """Say what follows for condition keys from who calls."""
        if not self.text:
            return {}
        nobody = dict.fromkeys((*CALLER_KEYS, "aws:username"), Domain(present=False))
        kind = CALLER_TYPES.get(self.who.kind)
        if kind is None:
            service = Domain(absent=False, within=(exactly("true"),)) if self.who.kind == "service" else Domain(present=False)
            return nobody | {"aws:principalorgid": Domain(present=False), "aws:principalisawsservice": service}
        values = (self.arn or self.who.role_arn or self.text, self.who.account or "", kind, "false")
        found = {key: Domain(absent=False, within=(exactly(value),)) for key, value in zip(CALLER_KEYS, values, strict=True)}
        if self.who.kind == "user":
            found["aws:username"] = Domain(absent=False, within=(exactly(self.who.name or ""),))
        if self.others is None:
            return nobody | found
        where, what = {"user": ("iam", "user"), "role_session": ("iam", "role")}.get(self.who.kind, ("sts", "federated-user"))
        arns = language(f"arn:{self.who.partition}:{where}::{self.who.account}:{what}/?*")
        found["aws:principalarn"] = Domain(absent=False, within=(arns,), outside=(exactly(*self.others),))
        if self.who.kind == "user":
            found["aws:username"] = Domain(absent=False, within=(language("?*"),))
        return nobody | found


CALLER_TYPES = {"user": "User", "role_session": "AssumedRole", "federated_user": "FederatedUser", "root": "Account"}
ANYONE = Caller("", Principal.parse("anonymous"))


def callers(policies: Iterable[Document]) -> tuple[Caller, ...]:
    """List a caller of each kind that resource policies tell apart: those named, and others of their accounts and of one more."""
    texts = [policy.text for policy in policies]
    named = [entry for policy in policies for entry in _named(policy)]
    accounts = list(dict.fromkeys(re.findall(r"(?<!\d)\d{12}(?!\d)", " ".join(texts))))
    accounts += [account for account in FRESH_ACCOUNTS if account not in accounts][:1]
    found = [_caller(entry) for entry in dict.fromkeys(named)]
    others = tuple(one.arn or one.text for one in found if one)
    for account in reversed(accounts):
        iam, sts = f"arn:aws:iam::{account}:", f"arn:aws:sts::{account}:"
        kinds = (f"{iam}user/someone", f"{sts}assumed-role/Some/session", f"{sts}federated-user/someone")
        found += [Caller(text, Principal.parse(text), others=others) for text in kinds]
        found.append(Caller(f"{iam}root", Principal.parse(f"{iam}root")))
    strangers = (
        "anonymous",
        "some-service.amazonaws.com",
        *(_providers(accounts[-1]) if any('"Federated"' in text for text in texts) else ()),
    )
    found += [Caller(text, Principal.parse(text)) for text in strangers]
    return tuple({one.text: one for one in reversed(found) if one}.values())[::-1]


def _providers(account: str) -> tuple[str, str]:
    """Name identity providers that no policy names: `Federated` may be `*`."""
    return f"arn:aws:iam::{account}:oidc-provider/some.provider.example", f"arn:aws:iam::{account}:saml-provider/Some"


def _caller(entry: str) -> Caller | None:
    who = Principal.parse(entry)
    if who.kind == "role":
        text = f"arn:{who.partition}:sts::{who.account}:assumed-role/{who.name}/session"
        return Caller(text, Principal.parse(text), arn=entry)
    known = ("user", "role_session", "federated_user", "service", "web_identity", "saml", "oai")
    return Caller(entry, who) if who.kind in known else None


def _named(policy: Document) -> list[str]:
    found: list[str] = []
    for statement in policy.statements:
        for element in (statement.principal, statement.not_principal):
            found += [entry for entries in (element or {}).values() for entry in entries if entry != "*"]
        for condition in statement.condition:
            if condition.key.lower() == "aws:principalarn":
                found += [value.replace("*", "x").replace("?", "x") for value in condition.values]
    return found


NEEDED = {
    "root": {"account"},
    "role_session": {"self", "role", "account"},
    "user": {"self", "account"},
    "federated_user": {"self", "account"},
}
"""Who must be listed in a `NotPrincipal` to spare a caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""


def names(box: Box, caller: Caller) -> bool | None:
    """Whether a statement's principal element takes the caller in; an identity policy has none. `None`: not known."""
    element = box.principal if box.principal is not None else box.not_principal
    if not caller.text:
        return True
    if element is None:
        return None
    found = [way for kind, entries in element.items() for entry in entries if (way := _way(kind, entry, caller.who)) is not None]
    if box.principal is not None:
        return True if set(found) - {"perhaps"} else None if found else False
    if "everyone" in found or set(found) >= NEEDED.get(caller.who.kind, {"self"}):
        return False
    return None if "perhaps" in found or (box.allow and found) else True


def _way(kind: str, entry: str, who: Principal) -> str | None:
    """How an entry names a caller: `self`, its `role` (or the user who federated), its `account`, `everyone`; `perhaps`; `None`: not."""
    if kind in ("Service", "Federated"):
        kinds = ("service",) if kind == "Service" else ("web_identity", "saml")
        return "self" if who.kind in kinds and entry in ("*", who.text) else None
    if entry == "*":
        return "everyone"
    if kind == "CanonicalUser":
        return "perhaps" if who.account else None
    named = Principal.parse(entry)
    if named.kind == "root":
        inside = who.account is not None and named.account == who.account
        return "account" if inside and who.kind not in ("web_identity", "saml", "oai") else None
    behind = {"role": "role_session", "user": "federated_user"}.get(named.kind)
    if behind == who.kind and (named.account, named.name) == (who.account, who.name):
        return "role"
    return "self" if entry == who.text else None
