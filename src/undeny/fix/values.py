"""Values that make a condition hold: in the policy (from what the call had) or in the call (from what the policy wants)."""

from collections.abc import Sequence

from undeny.calls.model import Request
from undeny.decide.model import Miss
from undeny.fix import documents
from undeny.fix.documents import Json
from undeny.fix.requests import caller
from undeny.iam import operators, wildcard
from undeny.iam.arn import Arn

LIKE = "<like "
"""How a placeholder begins whose value has to fit a pattern: nothing can be decided of a call with it."""
GUARDS = (
    "aws:multifactorauth", "aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:principalorg", "aws:principalaccount",
    "aws:principalarn", "aws:principaltag", "aws:resourceorg", "aws:resourceaccount", "aws:resourcetag", "aws:requesttag", "aws:tagkeys",
    "aws:securetransport", "aws:requestedregion", "aws:sourceorg", "aws:tokenissuetime", "aws:currenttime", "aws:userid", "aws:username",
    "sts:externalid", "s3:x-amz-server-side-encryption", "s3:x-amz-acl", "s3:prefix", "iam:permissionsboundary", "kms:calleraccount",
)  # fmt: skip
"""Keys by whose conditions people guard accounts and data, by their beginning; a looser one is its owner's decision.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html"""


def is_guard(key: str) -> bool:
    """Whether a condition on this key guards something, so that loosening it is not ours to call safe."""
    lower = key.lower()
    return (
        lower.startswith(GUARDS) or any(tag in lower for tag in ("resourcetag/", "existingobjecttag/")) or lower.endswith((":sub", ":aud"))
    )


def bare(operator: str) -> str:
    """Give an operator in lower case without its set prefix and `IfExists`."""
    return operator.rpartition(":")[2].lower().removesuffix("ifexists")


def negated(operator: str) -> bool:
    """Whether an operator asks that the value be another."""
    return bare(operator).startswith(("stringnot", "arnnot", "numericnot", "datenot", "notip"))


SUBSTITUTES = {
    # what a call by a service carries instead: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "aws:principalorgid": "aws:SourceOrgID",
    "aws:principalorgpaths": "aws:SourceOrgPaths",
    "aws:principalaccount": "aws:SourceAccount",
}
"""Keys of the caller that no service principal carries, with those that say the same of the thing that the service acts for."""


def substitute(key: str) -> str | None:
    """Give the key that says the same where a call cannot carry this one: what is made has the tags of the request.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    lower = key.lower()
    if lower.startswith("aws:resourcetag/"):
        return f"aws:RequestTag/{key.partition('/')[2]}"
    return SUBSTITUTES.get(lower)


def condition_that_holds(statement: Json, miss: Miss, request: Request, *, keep: bool) -> Json | None:
    """Give an Allow statement whose condition on that key holds for what the call had.

    `keep` keeps the old values beside the new one, where they can be meant. Where the call carries no such key the condition is put on
    the one that says the same; else without `keep` the statement is for calls that do not carry it, and with `keep` it does not ask for
    it. `None` where no value of the call can say it (a date).
    """
    operator, key, got = miss.operator or "", miss.key or "", list(miss.got or ())
    kind = bare(operator)
    if not got and (moved := _moved(statement, miss, request, keep=keep)) is not None:
        return moved
    left = [v for v in miss.wanted if v not in got] if negated(operator) else []
    if kind == "null" or (not got and not negated(operator)) or (negated(operator) and len(left) in (0, len(miss.wanted))):
        asked = documents.without_condition(statement, operator, key)
        if not keep and not got:
            return _where_it_is_there(asked, operator, key, miss.wanted)
        return documents.with_condition_values(asked, "StringEquals", key, got) if kind == "null" and len(got) == 1 and not keep else asked
    if negated(operator):
        return documents.with_condition_values(statement, operator, key, left)
    if kind.startswith(("date", "binary")):
        return None
    if kind.startswith("numeric"):
        return None if keep else _only(statement, operator, key, "NumericEquals", got)
    if kind == "bool":
        return documents.with_condition_values(statement, operator, key, got[:1])
    meant = [w for w in miss.wanted if not cannot_be(w)] if keep else []
    both = documents.with_condition_values(statement, operator, key, [*meant, *got])
    return (_as_like(statement, miss) if keep else None) or both


def _where_it_is_there(asked: Json, operator: str, key: str, wanted: Sequence[str]) -> Json:
    """Give the statement that asks the same of a call that carries the key, and nothing of one that does not, as this one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
    """
    if bare(operator) == "null" or ":" in operator:
        return documents.with_condition_values(asked, "Null", key, ["true"])
    return documents.with_condition_values(asked, f"{operator}IfExists", key, wanted)


def _moved(statement: Json, miss: Miss, request: Request, *, keep: bool) -> Json | None:
    """Give the statement with the condition on the key that says the same, `None` where there is no such key.

    A service is asked for its organisation or account where its call carries them: nobody saw whether this one does.
    """
    operator, key, other = miss.operator or "", miss.key or "", substitute(miss.key or "")
    carried = other is not None and other.lower() in {k.lower() for k in request.context}
    if other is None or bare(operator) == "null" or not (carried or (key.lower() in SUBSTITUTES and caller(request).kind == "service")):
        return None
    asked = documents.without_condition(statement, operator, key)
    if not keep:
        asked = _where_it_is_there(asked, operator, key, miss.wanted)
    written = operator if carried or operator.lower().endswith("ifexists") else f"{operator}IfExists"
    return documents.with_condition_values(asked, written, other, miss.wanted)


def _only(statement: Json, operator: str, key: str, exact: str, got: list[str]) -> Json:
    return documents.with_condition_values(documents.without_condition(statement, operator, key), exact, key, got)


def cannot_be(wanted: str) -> bool:
    """Whether no call can have this value: one ARN within another.

    >>> cannot_be("arn:aws:events:eu-west-1:111122223333:rule/arn:aws:events:eu-west-1:111122223333:event-bus/b/r")
    True
    """
    return wanted.count("arn:aws") > 1 and "${" not in wanted


def as_written(miss: Miss) -> bool:
    """Whether the value is what its author wrote with a wildcard, and only the operator keeps it from matching."""
    like = bare(miss.operator or "") == "stringequals" and any(wildcard.has_wildcard(w) for w in miss.wanted)
    return like and any(wildcard.matches(w, g) for w in miss.wanted for g in miss.got or ())


def _as_like(statement: Json, miss: Miss) -> Json | None:
    """Give the statement with `StringLike` for a `StringEquals` whose author wrote a wildcard that would have matched.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
    """
    operator, key = miss.operator or "", miss.key or ""
    if not as_written(miss):
        return None
    at = operator.lower().index("stringequals")
    like = operator[:at] + "StringLike" + operator[at + len("stringequals") :]
    return documents.with_condition_values(documents.without_condition(statement, operator, key), like, key, miss.wanted)


def value_that_holds(operator: str, wanted: Sequence[str], account: str | None) -> str | None:
    """Give a value for the call that makes a positive condition hold, `<...>` where any would do; `None` where none can be named."""
    kind = bare(operator)
    if kind == "null":
        return "<value>" if list(wanted[:1]) == ["false"] else None
    if kind.startswith("numeric") and wanted and (number := operators.number(wanted[0])) is not None:
        return str(number + {"numericlessthan": -1, "numericgreaterthan": 1}.get(kind, 0))
    if kind.startswith(("numeric", "date", "binary")):
        return None
    if kind == "ipaddress":
        return wanted[0].partition("/")[0] if wanted else None
    return _concrete_or_like(wanted, account)


def _concrete_or_like(wanted: Sequence[str], account: str | None) -> str | None:
    """Give the first value that can be sent as it is, else a placeholder that says what it has to be like."""
    found = next((v for v in (concrete(w, account) for w in wanted) if v is not None), None)
    if found is None and wanted and "${" not in wanted[0]:
        return f"{LIKE}{wanted[0]}>"
    return found


def value_that_ends(operator: str, wanted: Sequence[str], account: str | None) -> str | None:
    """Give a value for the call with which a Deny's condition does not hold any more; `None` where none can be named."""
    kind = bare(operator)
    if kind == "null":
        return "<value>" if list(wanted[:1]) == ["true"] else None
    if kind.startswith("numeric") and wanted and (number := operators.number(wanted[0])) is not None:
        return str(number + {"numericlessthanequals": 1, "numericgreaterthanequals": -1}.get(kind, 0))
    if kind == "bool":
        return "false" if list(wanted[:1]) == ["true"] else "true"
    if kind == "notipaddress":
        return wanted[0].partition("/")[0] if wanted else None
    return _concrete_or_like(wanted, account) if negated(operator) else None


def concrete(pattern: str, account: str | None) -> str | None:
    """Give a value that a policy's pattern matches: itself, with the caller's account where that alone is left open.

    >>> concrete("arn:aws:iam::*:policy/B", "111122223333")
    'arn:aws:iam::111122223333:policy/B'
    """
    if "${" in pattern:
        return None
    if not wildcard.has_wildcard(pattern):
        return pattern
    arn = Arn.parse(pattern)
    if arn is None or account is None or arn.account != "*":
        return None
    filled = f"arn:{arn.partition}:{arn.service_prefix}:{arn.region}:{account}:{arn.resource}"
    return None if wildcard.has_wildcard(filled) else filled
