"""Statements as atoms: one effect, principal, action and resource under one condition. Equal sets of atoms mean the same."""

import json
from collections.abc import Iterable, Iterator, Sequence

from undeny.evidence.model import Policy
from undeny.iam import wildcard
from undeny.iam.model import Condition, Principals, Statement
from undeny.iam.principal import Principal

Atom = tuple[str, ...]
"""Effect, principal, action, resource, condition, variables: each as one text."""
MOST = 600
"""Atoms among which those that others cover are left out: the search for them is quadratic."""


def atoms(policies: Iterable[Policy]) -> frozenset[Atom]:
    """Give all that a layer's policies say, whatever their names, order, spelling and repetitions."""
    said = (atom for policy in policies for s in policy.document.statements for atom in of(s, variables=policy.document.variables))
    return frozenset(_least(list(said)))


def lets_all(found: frozenset[Atom]) -> bool:
    """Whether these allow everything and deny nothing."""
    full = any(one[0] == "Allow" and one[1] in ("-", "*") and one[2:5] == ("*", "*", "[]") for one in found)
    return full and all(one[0] == "Allow" for one in found)


def of(statement: Statement, *, variables: bool) -> Iterator[Atom]:
    """Take one statement apart; one that is malformed is only like itself."""
    raw = json.dumps(statement.raw, sort_keys=True, default=str)
    if not statement.usable:
        yield ("malformed", raw)
        return
    condition = _conditions(statement.condition)
    literal = "" if "${" not in raw else str(variables)
    for who in _principals(statement.principal, statement.not_principal):
        for action in _either(statement.action, statement.not_action, fold=True):
            for resource in _either(statement.resource, statement.not_resource, fold=False):
                yield statement.effect, who, action, resource, condition, literal


def _either(plain: Sequence[str] | None, negated: Sequence[str] | None, *, fold: bool) -> tuple[str, ...]:
    if plain is not None:
        return tuple(dict.fromkeys(_pattern(one, fold=fold) for one in plain))
    if negated is None:
        return ("-",)
    return ("not " + json.dumps(sorted({_pattern(one, fold=fold) for one in negated})),)


def _pattern(text: str, *, fold: bool) -> str:
    while "**" in text:
        text = text.replace("**", "*")
    folded = text.lower() if fold else text
    return "*" if fold and folded == "*:*" else folded


def _principals(plain: Principals | None, negated: Principals | None) -> tuple[str, ...]:
    if plain is not None:
        return tuple(dict.fromkeys(_principal(kind, value) for kind, values in plain.items() for value in values))
    if negated is None:
        return ("-",)
    return ("not " + json.dumps(sorted(_principal(kind, value) for kind, values in negated.items() for value in values)),)


def _principal(kind: str, value: str) -> str:
    """Write an entry of `Principal`: `"*"` is `{"AWS": "*"}`, an account's digits its root.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    who = Principal.parse(value)
    if kind in ("*", "AWS") and value == "*":
        return "*"
    return f"account {who.account}" if kind == "AWS" and who.kind == "root" else f"{kind} {value}"


def _conditions(conditions: Iterable[Condition]) -> str:
    return json.dumps(sorted((_operator(one.operator), one.key.lower(), sorted(set(_values(one)))) for one in conditions))


def _operator(name: str) -> str:
    """Write an operator; those on ARNs come in pairs that AWS calls identical.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    return name.replace("ArnEquals", "ArnLike").replace("ArnNotEquals", "ArnNotLike")


def _values(condition: Condition) -> Iterator[str]:
    for value in condition.values:
        if condition.operator.endswith(("Bool", "BoolIfExists", "Null", "IgnoreCase", "IgnoreCaseIfExists")):
            yield value.lower()
        else:
            yield _pattern(value, fold=False) if "Like" in condition.operator else value


def _least(found: list[Atom]) -> list[Atom]:
    """Leave out what another atom of the same effect, principal and condition covers."""
    unique = list(dict.fromkeys(found))
    if len(unique) > MOST:
        return unique
    return [one for one in unique if not any(other != one and _covers(other, one) for other in unique)]


def _covers(wide: Atom, narrow: Atom) -> bool:
    if len(wide) != 6 or len(narrow) != 6 or (wide[0], wide[1], wide[4], wide[5]) != (narrow[0], narrow[1], narrow[4], narrow[5]):
        return False
    return _text_covers(wide[2], narrow[2]) and _text_covers(wide[3], narrow[3])


def _text_covers(wide: str, narrow: str) -> bool:
    """Whether a pattern surely takes in another: equal, `*`, or its beginning and then anything in the last part."""
    if wide == narrow:
        return True
    if wide.startswith("not ") or narrow.startswith("not ") or "-" in (wide, narrow):
        return False
    head = wide[:-1]
    plain = wide.endswith("*") and not wildcard.has_wildcard(head) and "${" not in wide
    return wide == "*" or (plain and narrow.startswith(head) and (not wide.startswith("arn:") or head.count(":") >= 5))
