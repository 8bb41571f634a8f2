"""Statements as boxes: who, which actions, which resources, under which conditions. A request is in a box or it is not."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from undeny.iam import document
from undeny.iam.model import Document, Principals, Statement
from undeny.iam.principal import Principal
from undeny.prove.containment import keys, patterns
from undeny.prove.containment.keys import Condition
from undeny.prove.containment.language import Language
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
        return frozenset().union(*(patterns.variables_in(text.split(":", 5)[-1]) for text in self.resources or ()))

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
    """Read a policy: a document, or its JSON text."""
    return source if isinstance(source, Document) else document.read(source)


# ---- callers

FRESH_ACCOUNTS = ("999988887777", "888877776666")
CALLER_KEYS = ("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:username")


class Caller(msgspec.Struct, frozen=True):
    """Someone who may call: for an identity policy whoever has it (`text` empty), else one of each kind that the policies tell apart."""

    text: str
    who: Principal

    @property
    def known_keys(self) -> dict[str, str | None]:
        """The condition keys that follow from who calls; `None`: absent."""
        if not self.text:
            return {}
        found: dict[str, str | None] = dict.fromkeys(CALLER_KEYS)
        if self.who.kind not in ("user", "role_session", "federated_user"):
            return found | {"aws:principalorgid": None, "aws:principalisawsservice": "true" if self.who.kind == "service" else None}
        kind = {"user": "User", "role_session": "AssumedRole", "federated_user": "FederatedUser"}[self.who.kind]
        arn = self.who.role_arn or self.text
        user = self.who.name if self.who.kind == "user" else None
        return found | dict(zip(CALLER_KEYS, (arn, self.who.account, kind, user), strict=True)) | {"aws:principalisawsservice": "false"}


ANYONE = Caller("", Principal.parse("anonymous"))


def callers(policies: Iterable[Document]) -> tuple[Caller, ...]:
    """List a caller of each kind that resource policies tell apart: those named, and others of their accounts and of one more."""
    texts = [policy.text for policy in policies]
    named = [entry for policy in policies for entry in _named(policy)]
    accounts = list(dict.fromkeys(re.findall(r"(?<!\d)\d{12}(?!\d)", " ".join(texts))))
    accounts += [account for account in FRESH_ACCOUNTS if account not in accounts][:1]
    found: list[str] = []
    for entry in named:
        who = Principal.parse(entry)
        if who.kind == "role":
            found.append(f"arn:{who.partition}:sts::{who.account}:assumed-role/{who.name}/session")
        elif who.kind in ("user", "role_session", "federated_user", "service", "web_identity", "saml", "oai"):
            found.append(entry)
    for account in reversed(accounts):
        found += [f"arn:aws:iam::{account}:user/someone", f"arn:aws:sts::{account}:assumed-role/Some/session"]
    everyone = [*found, "anonymous", "some-service.amazonaws.com"]
    return tuple(Caller(text, Principal.parse(text)) for text in dict.fromkeys(everyone))


def _named(policy: Document) -> list[str]:
    found: list[str] = []
    for statement in policy.statements:
        for element in (statement.principal, statement.not_principal):
            found += [entry for entries in (element or {}).values() for entry in entries if entry != "*"]
        for condition in statement.condition:
            if condition.key.lower() == "aws:principalarn":
                found += [value.replace("*", "x").replace("?", "x") for value in condition.values]
    return found


def names(box: Box, caller: Caller) -> bool | None:
    """Whether a statement's principal element takes the caller in; an identity policy has none. `None`: not known."""
    if not caller.text or (box.principal is None and box.not_principal is None):
        return True
    if box.principal is not None:
        return _any(_entry(kind, entry, caller.who) for kind, entries in box.principal.items() for entry in entries)
    listed = [_entry(kind, entry, caller.who) for kind, entries in (box.not_principal or {}).items() for entry in entries]
    if not _any(listed):
        return True
    return False if "*" in str(box.not_principal) else None


def _any(found: Iterable[bool | None]) -> bool | None:
    seen = set(found)
    return True if True in seen else None if None in seen else False


def _entry(kind: str, entry: str, who: Principal) -> bool | None:
    if kind in ("Service", "Federated"):
        kinds = ("service",) if kind == "Service" else ("web_identity", "saml")
        return who.kind in kinds and entry in ("*", who.text)
    if entry == "*":
        return True
    if kind == "CanonicalUser":
        return None if who.account else False
    named = Principal.parse(entry)
    if named.kind == "root":
        return who.account is not None and named.account == who.account and who.kind not in ("web_identity", "saml", "oai")
    if named.kind == "role" and who.kind == "role_session":
        return (named.account, named.name) == (who.account, who.name)
    if named.kind == "user" and who.kind == "federated_user":
        return (named.account, named.name) == (who.account, who.name)
    return entry == who.text
