"""How a `Principal` element names a caller: it decides which implicit denies a grant gets past.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from collections.abc import Callable, Mapping
from typing import Literal

from undeny.decide.call import Call
from undeny.iam import principal as principals
from undeny.iam.conditions import read_operator
from undeny.iam.model import Principals, Statement
from undeny.iam.principal import Principal

Kind = Literal["self", "role", "everyone", "account"]
"""The session, user, service or provider itself; the role of a session or the user of a federated one; `*`; the caller's account."""
Naming = Mapping[Kind, bool | None]
"""The ways in which a statement names the caller: `True`, or `None` where that is not known. Empty: not at all."""
Namer = Callable[[Statement], Naming]
NOBODY: Naming = {}
UNSURE: Naming = {"self": None}
EVERYONE: Naming = {"everyone": True}


def naming(call: Call, statement: Statement) -> Naming:
    """How a statement of a resource-like policy names the caller."""
    if statement.principal is not None:
        return _named(call, statement, statement.principal)
    if statement.not_principal is not None:
        return _not_named(call, statement, statement.not_principal)
    return UNSURE


def _named(call: Call, statement: Statement, named: Principals) -> Naming:
    found: dict[Kind, bool | None] = {}
    for kind, entries in named.items():
        for entry in entries:
            for way, sure in _entry(call, kind, entry).items():
                found[way] = True if sure or found.get(way) else None
    if found.get("everyone") and _names_in_condition(call, statement):
        found["self"] = True
    return found


def _names_in_condition(call: Call, statement: Statement) -> bool:
    """Whether a condition on `aws:PrincipalArn` names the caller, without wildcard: `*` with it is a grant to the caller itself.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    """
    for condition in statement.condition:
        written = read_operator(condition.operator)
        positive = written is not None and not written.operator.negated and written.operator.type in {"string", "arn"}
        if positive and condition.key.lower() == "aws:principalarn" and call.principal_arn in condition.values:
            return True
    return False


def _entry(call: Call, kind: str, entry: str) -> Naming:
    who = call.principal
    if entry == "*" and kind in {"AWS", "*"}:
        return EVERYONE
    if not who.text:
        return UNSURE
    if kind == "Service":
        return EVERYONE if entry == "*" and who.kind == "service" else _exactly(who, entry, "service")
    if kind == "Federated":
        federated = who.kind in {"web_identity", "saml"}
        return EVERYONE if entry == "*" and federated else {"self": True} if federated and entry == who.text else NOBODY
    if kind == "CanonicalUser":
        return _canonical(call, entry)
    return _aws(call, entry) if kind == "AWS" else NOBODY


def _exactly(who: Principal, entry: str, kind: str) -> Naming:
    return {"self": True} if who.kind == kind and entry == who.text else NOBODY


def _canonical(call: Call, entry: str) -> Naming:
    """Read a canonical user id: it stands for an account, or for an Origin Access Identity."""
    known = canonical_id(call)
    if call.principal.kind in {"service", "anonymous", "web_identity", "saml"}:
        return NOBODY
    way: Kind = "self" if call.principal.kind == "oai" else "account"
    if known is None:
        return {way: None}
    return {way: True} if known == entry else NOBODY


def canonical_id(call: Call) -> str | None:
    """Give the canonical user id of the caller's account, where something that was read tells it: the owner of its own bucket."""
    if call.principal.kind == "oai":
        found = call.setting(call.principal.text, "S3CanonicalUserId")
        return found if isinstance(found, str) else None
    found = call.account_setting(call.account, "CanonicalUserId")
    if found is None and call.account is not None and call.account == call.resource_account:
        owner = call.setting(call.bucket, "Owner")
        found = owner.get("ID") if isinstance(owner, Mapping) else None
    return found if isinstance(found, str) else None


def _aws(call: Call, entry: str) -> Naming:
    who, named = call.principal, principals.parse(entry)
    if named.kind == "root":
        return _account(who, named)
    if who.kind in {"unknown", "unique_id"}:
        return {"self": None} if named.kind not in {"unknown", "unique_id", "anonymous"} else NOBODY
    if entry == who.text and who.kind in {"user", "role_session", "federated_user", "oai"}:
        return {"self": True}
    return _kindred(call, named)


def _kindred(call: Call, named: Principal) -> Naming:
    """Name a session by its role, a federated user by its user."""
    who = call.principal
    if named.kind == "role":
        return {"role": True} if _is_role(call, named) else NOBODY
    if named.kind == "user" and who.kind == "federated_user":
        return {"role": True} if (named.account, named.name) == (who.account, who.name) else NOBODY
    if named.kind == "role_session" and who.kind == "role" and (named.account, named.name) == (who.account, who.name):
        return {"self": None}
    return NOBODY


def _account(who: Principal, named: Principal) -> Naming:
    if who.kind in {"unknown", "unique_id"} and who.account is None:
        return {"account": None}
    if who.account != named.account or who.kind in {"service", "anonymous", "web_identity", "saml", "oai"}:
        return NOBODY
    if named.text.startswith("arn:") and named.partition != who.partition:
        return NOBODY
    return {"account": True}


def _is_role(call: Call, named: Principal) -> bool:
    who = call.principal
    if who.kind not in {"role", "role_session"} or named.account != who.account:
        return False
    if call.path_known:
        return named.text == call.principal_arn
    return named.name == who.name and named.partition == who.partition


def _not_named(call: Call, statement: Statement, listed: Principals) -> Naming:
    """`NotPrincipal`: a Deny spares only whom it lists in full, and nobody who has a boundary (trap 8).

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    spared = _spared(call, listed)
    if statement.effect == "Deny" and call.boundary is not False and call.has_identity and spared is not False and listed != {"*": ("*",)}:
        return EVERYONE if call.boundary else {"everyone": None}
    if spared is None:
        return {"everyone": None}
    if spared:
        return NOBODY
    if statement.effect == "Allow" and any(_entry(call, kind, entry) for kind, entries in listed.items() for entry in entries):
        return {"everyone": None}
    return EVERYONE


def _spared(call: Call, listed: Principals) -> bool | None:
    found: set[Kind] = set()
    unsure = False
    for kind, entries in listed.items():
        for entry in entries:
            for way, sure in _entry(call, kind, entry).items():
                unsure = unsure or sure is None
                if sure:
                    found.add(way)
    if "everyone" in found:
        return True
    if found >= _needed(call.principal):
        return True
    return None if unsure and found >= _needed(call.principal) - {"self"} else False


def _needed(who: Principal) -> set[Kind]:
    """Which ways of naming a `NotPrincipal` must hold to spare a caller."""
    if who.kind in {"role_session", "role"}:
        return {"self", "role", "account"}
    if who.kind in {"user", "federated_user"}:
        return {"self", "account"}
    return {"account"} if who.kind == "root" else {"self"}
