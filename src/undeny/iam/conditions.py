"""Conditions as closures over a context: true, false, or `None` where a value is not known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec

from undeny.iam import wildcard
from undeny.iam.arn import split
from undeny.iam.model import Condition
from undeny.iam.operators import OPERATORS, READERS, Operator, boolean, within
from undeny.iam.variables import Context, Template, Unknown, has_variable, literal, substitute, template, widest
from undeny.iam.wildcard import Tokens

__all__ = ["OPERATORS", "Operator", "Written", "compile_condition", "holds", "read_operator"]
Kleene = bool | None
Holds = Callable[[Context], bool | None]
Test = Callable[[str, Context], bool | None]
"""Whether one value of the request fits any of the wanted ones."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An operator as a policy writes it: `ForAllValues:StringLikeIfExists` is `StringLike` with two decorations."""

    operator: Operator
    quantifier: Literal["all", "any"] | None = None
    if_exists: bool = False


def read_operator(text: str) -> Written | None:
    """Read an operator's text; `None` for one that AWS does not have.

    >>> read_operator("ForAnyValue:StringNotEqualsIfExists").operator.negated
    True
    """
    prefix, colon, name = text.rpartition(":")
    if colon and prefix not in {"ForAllValues", "ForAnyValue"}:
        return None
    bare = name.removesuffix("IfExists")
    operator = OPERATORS.get(bare)
    if operator is None or (operator.type == "null" and (colon or bare != name)):
        return None
    quantifiers: dict[str, Literal["all", "any"]] = {"ForAllValues": "all", "ForAnyValue": "any"}
    return Written(operator=operator, quantifier=quantifiers.get(prefix), if_exists=bare != name)


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool | None:
    """Decide one condition once; `compile_condition` is for many."""
    return compile_condition(condition, variables=variables)(context)


def compile_condition(condition: Condition, *, variables: bool) -> Holds:
    """Turn one key under one operator into a closure; an unknown operator gives `None` always."""
    written = read_operator(condition.operator)
    if written is None:
        return _never_known
    key = condition.key.lower()
    if written.operator.type == "null":
        return _null(key, condition.values)
    test = _test(written.operator, condition.values, variables=variables)
    if written.quantifier is None:
        return _single(key, test, negated=written.operator.negated, if_exists=written.if_exists)
    if written.quantifier == "all":
        return _for_all(key, test, negated=written.operator.negated)
    return _for_any(key, test, negated=written.operator.negated, if_exists=written.if_exists)


def all_of(results: Iterable[bool | None]) -> bool | None:
    """Kleene's AND."""
    unknown = False
    for result in results:
        if result is False:
            return False
        unknown = unknown or result is None
    return None if unknown else True


def any_of(results: Iterable[bool | None]) -> bool | None:
    """Kleene's OR."""
    unknown = False
    for result in results:
        if result:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def _never_known(context: Context) -> None:
    del context


def _null(key: str, values: Sequence[str]) -> Holds:
    wanted = {boolean(value) for value in values}

    def decide(context: Context) -> bool | None:
        value = context.get(key)
        if isinstance(value, Unknown):
            if not value.present:
                return True if wanted >= {True, False} else None
            return False in wanted
        return (value is None or value == ()) in wanted

    return decide


def _single(key: str, test: Test, *, negated: bool, if_exists: bool) -> Holds:
    absent = negated or if_exists

    def decide(context: Context) -> bool | None:
        value = context.get(key)
        if value.__class__ is str:
            result = test(value, context)
            return result if not negated or result is None else not result
        if value is None or value == ():
            return absent
        if isinstance(value, Unknown):
            return None
        results = {_turn(test(one, context), negated=negated) for one in value}
        return results.pop() if len(results) == 1 else None

    return decide


def _for_all(key: str, test: Test, *, negated: bool) -> Holds:
    def decide(context: Context) -> bool | None:
        value = context.get(key)
        if isinstance(value, Unknown):
            return None
        return all_of(_turn(test(one, context), negated=negated) for one in _several(value))

    return decide


def _for_any(key: str, test: Test, *, negated: bool, if_exists: bool) -> Holds:
    def decide(context: Context) -> bool | None:
        value = context.get(key)
        if isinstance(value, Unknown):
            return None
        several = _several(value)
        if not several:
            return if_exists
        return any_of(_turn(test(one, context), negated=negated) for one in several)

    return decide


def _several(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _turn(result: Kleene, *, negated: bool) -> Kleene:
    return not result if negated and result is not None else result


def _test(operator: Operator, values: Sequence[str], *, variables: bool) -> Test:
    """Build the test of one value against all wanted values."""
    if operator.type not in {"string", "arn"}:
        return _typed(operator, values)
    plain = [value for value in values if not (variables and has_variable(value))]
    templates = [template(value) for value in values if variables and has_variable(value)]
    if not operator.wildcards:
        templates = [literal(parts) for parts in templates]
    fixed = _arns(plain, negated=operator.negated) if operator.type == "arn" else _strings(operator, plain)
    if not templates:
        return fixed

    def test(value: str, context: Context) -> bool | None:
        filled = (_filled(operator, parts, value, context) for parts in templates)
        return any_of([fixed(value, context), *filled])

    return test


def _strings(operator: Operator, values: Sequence[str]) -> Test:
    if operator.wildcards and any(wildcard.has_wildcard(value) for value in values):
        return _like(values)
    if operator.ignore_case:
        lowered = frozenset(value.lower() for value in values)
        return lambda value, _: value.lower() in lowered
    wanted = frozenset(values)
    return lambda value, _: value in wanted


def _like(values: Sequence[str]) -> Test:
    if "*" in values:
        return lambda value, context: True  # noqa: ARG005 - the shape of a test
    compiled: list[re.Pattern[str]] = []

    def test(value: str, context: Context) -> bool:
        del context
        if not compiled:
            compiled.append(re.compile("|".join(f"(?:{wildcard.regex(wildcard.tokens(one))})" for one in values), re.DOTALL))
        return compiled[0].fullmatch(value) is not None

    return test


def _arns(values: Sequence[str], *, negated: bool) -> Test:
    patterns = [wildcard.tokens(value) for value in values]
    unread = None if negated else False

    def test(value: str, context: Context) -> bool | None:
        del context
        results = [wildcard.arn_like_tokens(pattern, value) for pattern in patterns]
        return any_of(unread if result is None else result for result in results)

    return test


def _filled(operator: Operator, parts: Template, value: str, context: Context) -> bool | None:
    """Compare with a wanted value that holds variables: null fits nothing, so negated operators hold (trap 6)."""
    wanted = substitute(parts, context)
    if wanted is None:
        return False
    if isinstance(wanted, Unknown):
        if operator.type == "arn":  # the variable's value may hold colons, and so be several parts
            return None if operator.negated and split(value) is None else _perhaps(widest(parts, context), value)
        return None if _fits(operator, widest(parts, context), value) is not False else False
    return _fits(operator, wanted, value)


def _perhaps(wanted: Tokens, value: str) -> bool | None:
    return None if wildcard.compiled(wanted).fullmatch(value) is not None else False


def _fits(operator: Operator, wanted: Tokens, value: str) -> bool | None:
    if operator.type == "arn":
        like = wildcard.arn_like_tokens(wanted, value)
        return like if like is not None or operator.negated else False
    if operator.ignore_case:
        wanted = tuple(part.lower() if isinstance(part, str) else part for part in wanted)
        value = value.lower()
    return wildcard.compiled(wanted).fullmatch(value) is not None


def _bool(values: Sequence[str]) -> Test:
    wanted = frozenset(value.strip().lower() for value in values if boolean(value) is not None)
    return lambda value, _: value in wanted or value.strip().lower() in wanted


def _typed(operator: Operator, values: Sequence[str]) -> Test:
    if operator.type == "bool":
        return _bool(values)
    read_wanted, read_got = READERS[operator.type]
    wanted: list[Any] = [read_wanted(value) for value in values]
    compare = within if operator.type == "ip" else operator.compare
    unread = None if operator.negated else False

    def test(value: str, context: Context) -> bool | None:
        del context
        got = read_got(value)
        if got is None:
            return unread
        # AWS writes `key <operator> value`: the request's value stands on the left.
        results = (unread if one is None else compare(one, got) if operator.type == "ip" else compare(got, one) for one in wanted)
        return any_of(results)

    return test
