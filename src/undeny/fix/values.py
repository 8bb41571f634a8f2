"""Values that make a condition hold: in the policy (from what the call had) or in the call (from what the policy wants)."""

from collections.abc import Collection, Sequence

from undeny.decide.model import Miss
from undeny.fix import documents
from undeny.fix.documents import Json
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
    "sts:externalid": "aws:SourceAccount",
    "aws:principalarn": "aws:SourceArn",
}


def substitute(key: str) -> str | None:
    """Give the key that says the same where a call cannot carry this one: what is made has the tags of the request.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    lower = key.lower()
    if lower.startswith("aws:resourcetag/"):
        return f"aws:RequestTag/{key.partition('/')[2]}"
    return SUBSTITUTES.get(lower)


def condition_that_holds(statement: Json, miss: Miss, *, keep: bool, carried: Collection[str] = ()) -> Json | None:
    """Give an Allow statement whose condition on that key holds for what the call had; without it where the call has none.

    `keep` keeps the old values beside the new one. `carried` are the keys that the call carries: a condition on a key that it does not
    is put on the one that says the same. `None` where no value of the call can say it (a date, a number).
    """
    operator, key, got = miss.operator or "", miss.key or "", list(miss.got or ())
    other = substitute(key)
    if not got and other and other.lower() in {c.lower() for c in carried} and bare(operator) != "null":
        moved = documents.without_condition(statement, operator, key)
        return documents.with_condition_values(moved, operator, other, miss.wanted)
    kind = bare(operator)
    left = [v for v in miss.wanted if v not in got] if negated(operator) else []
    if kind == "null" or (not got and not negated(operator)) or (negated(operator) and len(left) in (0, len(miss.wanted))):
        return documents.without_condition(statement, operator, key)
    if negated(operator):
        return documents.with_condition_values(statement, operator, key, left)
    if kind.startswith(("numeric", "date", "binary")):
        return None
    if kind == "bool":
        return documents.with_condition_values(statement, operator, key, got[:1])
    both = documents.with_condition_values(statement, operator, key, [*(miss.wanted if keep else ()), *got])
    return _as_like(statement, miss) or both


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
