"""Condition keys as typed domains: a value of one key that makes some conditions hold and others fail, or the proof that there is none.

A key is absent, has one value, or (where it may) several. Texts and ARNs are languages; numbers, dates, addresses, booleans and
bytes change their truth only at the constants that the conditions name, so trying those and their neighbours is exhaustive.
"""

import ipaddress
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from undeny import catalog
from undeny.iam import conditions as iam_conditions
from undeny.iam import model, wildcard
from undeny.iam import operators as read
from undeny.iam.variables import MULTI_VALUED
from undeny.prove.containment import patterns
from undeny.prove.containment.language import ANY, ONE, OPAQUE, Language, TooHardError, Wild, find_word, language, matches
from undeny.prove.containment.patterns import Values

Found = tuple[str, ...] | None
"""Values that do it; `()`: the key must be absent; `None`: nothing does."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One key under one operator. `values` are the policy's own texts; `variables` whether `${...}` in them is substituted.

    `exact` is false where nobody can say when it holds: an operator that AWS does not have, a value that is none of its type.
    """

    key: str
    operator: str
    kind: read.ValueType
    values: tuple[str, ...]
    negated: bool = False
    wildcards: bool = False
    fold: bool = False
    quantifier: str | None = None
    if_exists: bool = False
    variables: bool = False
    exact: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The keys that it uses as policy variables."""
        return frozenset().union(*map(patterns.variables_in, self.values)) if self.variables else frozenset()


Literal = tuple[Condition, bool]
"""A condition, and whether it must hold or must fail."""


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """What values a key can have: absent or not, one or several, in these languages and outside those."""

    absent: bool = True
    present: bool = True
    several: bool = False
    within: tuple[Language, ...] = ()
    outside: tuple[Language, ...] = ()
    besides: tuple[tuple["Condition", bool], ...] = ()
    """Conditions that its value must meet or fail, whatever the policies ask."""


READERS: Mapping[str, Callable[[str], Any]] = {
    "numeric": read.number,
    "date": read.instant,
    "bool": read.boolean,
    "binary": read.binary,
    "ip": read.network,
}


def condition(written: model.Condition, *, variables: bool) -> Condition:
    """Read one condition of a statement."""
    known = iam_conditions.read_operator(written.operator)
    if known is None:
        return Condition(key=written.key.lower(), operator=written.operator, kind="string", values=written.values, exact=False)
    operator = known.operator
    reader = READERS.get(operator.type)
    sound = reader is None or not operator.negated or all(reader(value) is not None for value in written.values)
    if operator.type == "arn" and operator.negated:
        sound = all(value.count(":") >= 5 and wildcard.matches(value.partition(":")[0], "arn") for value in written.values)
    return Condition(
        key=written.key.lower(), operator=operator.name, kind=operator.type, values=written.values, negated=operator.negated,
        wildcards=operator.wildcards, fold=operator.ignore_case, quantifier=known.quantifier, if_exists=known.if_exists,
        variables=variables and operator.type in ("string", "arn"), exact=sound,
    )  # fmt: skip


def language_of(wanted: Condition, values: Values) -> Language:
    """Give the texts that one of the condition's values fits, not negated."""
    known = values if wanted.variables else None
    if wanted.kind == "arn":
        return patterns.several(wanted.values, lambda text: patterns.like_arn(text, known))
    if wanted.wildcards:
        return patterns.several(wanted.values, lambda text: tuple(patterns.value(text, known)))
    literal = {ANY: "*", ONE: "?"}
    return patterns.several(
        wanted.values,
        lambda text: tuple(literal.get(token, "*") if isinstance(token, Wild) else token for token in patterns.value(text, known)),
        fold=wanted.fold,
    )


def solve(literals: Sequence[Literal], domain: Domain, values: Values) -> Found:
    """Find values of the key under which each condition holds or fails as asked. Raises `TooHardError`."""
    literals = sorted([*literals, *domain.besides], key=lambda one: (one[0].operator, one[0].values, one[1]))
    if domain.absent and all(_when_absent(wanted) is want for wanted, want in literals):
        return ()
    if not domain.present:
        return None
    every, some = _elements(literals)
    if every is None:
        return None
    found = (
        {_element((*every, one), domain, values) for one in some}
        if domain.several and some
        else {_element((*every, *some), domain, values)}
    )
    return None if None in found else tuple(sorted(word for word in found if word is not None))


def _when_absent(wanted: Condition) -> bool:
    if wanted.kind == "null":
        return "true" in [value.lower() for value in wanted.values]
    return wanted.if_exists or wanted.quantifier == "all" or (wanted.negated and wanted.quantifier is None)


def _elements(literals: Sequence[Literal]) -> tuple[tuple[Literal, ...] | None, tuple[Literal, ...]]:
    """Split what each value of a present key must do from what some value must; `None` where presence alone decides against."""
    every: list[Literal] = []
    some: list[Literal] = []
    for wanted, want in literals:
        if wanted.kind == "null":
            if ("false" in [value.lower() for value in wanted.values]) is not want:
                return None, ()
            continue
        into = every if wanted.quantifier is None or (wanted.quantifier == "all") is want else some
        into.append((wanted, want is not wanted.negated))
    return tuple(every), tuple(some)


def _element(literals: Sequence[Literal], domain: Domain, values: Values) -> str | None:
    """Find one value that fits, or fits not, the values of each condition."""
    texts = [literal for literal in literals if literal[0].kind in ("string", "arn")]
    typed = [literal for literal in literals if literal not in texts]
    within = [language_of(wanted, values) for wanted, want in texts if want] + list(domain.within)
    outside = [language_of(wanted, values) for wanted, want in texts if not want] + list(domain.outside)
    opaque = any(value is not None and value.startswith(OPAQUE_VALUES) for value in values.values())
    if any(wanted.kind == "arn" for wanted, _ in texts) and not opaque:
        within.append(patterns.ARN_SHAPED)
    if not typed:
        return next((word for word in _likely(literals) if _is_word(word, within, outside)), None) or find_word(within, outside)
    for candidate in candidates([wanted for wanted, _ in typed]):
        if all(_fits(wanted, candidate) is want for wanted, want in typed) and _is_word(candidate, within, outside):
            return candidate
    if texts or domain.outside:
        raise TooHardError
    return None


OPAQUE_VALUES = tuple(chr(OPAQUE + i) for i in range(64))


def _is_word(word: str, within: Iterable[Language], outside: Iterable[Language]) -> bool:
    return all(matches(of, word) for of in within) and not any(matches(of, word) for of in outside)


LIKELY = {
    "aws:requestedregion": ("us-east-1", "eu-west-1"),
    "aws:sourcevpce": ("vpce-0a1b2c3d", "vpce-0e5f6a7b"),
    "aws:principalorgid": ("o-a1b2c3d4e5", "o-z9y8x7w6v5"),
}
"""Values as documentation writes them, for a witness that people can read."""


def _likely(literals: Sequence[Literal]) -> tuple[str, ...]:
    key = literals[0][0].key if literals else ""
    return ("111122223333", "999988887777") if SHAPES.get(key) == _TWELVE else LIKELY.get(key, ("example", "other"))


def _fits(wanted: Condition, value: str) -> bool:
    positive = wanted.operator.replace("Not", "", 1) if wanted.negated else wanted.operator
    asked = model.Condition(operator=positive, key=wanted.key, values=wanted.values)
    return iam_conditions.holds(asked, {wanted.key: value}) is True


def candidates(conditions: Iterable[Condition]) -> list[str]:
    """List values at which the truth of typed conditions can change, and some in between and beyond."""
    found: list[str] = []
    for wanted in conditions:
        if wanted.kind == "ip":
            found += _addresses(wanted.values)
        elif wanted.kind == "numeric":
            found += _numbers(wanted.values)
        elif wanted.kind == "date":
            found += _dates(wanted.values)
        elif wanted.kind == "bool":
            found += ["true", "false"]
        else:
            found += [*wanted.values, "AA==", "AQ=="]
    return list(dict.fromkeys(found))


def _addresses(values: Iterable[str]) -> list[str]:
    found = ["203.0.113.9", "2001:db8::1", "198.51.100.7"]
    for value in values:
        network = read.network(value)
        if network is None:
            continue
        first, last = int(network.network_address), int(network.broadcast_address)
        kind = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
        top = 2**network.max_prefixlen
        found += [str(kind(at)) for at in (first, last, (first + last) // 2, first - 1, last + 1) if 0 <= at < top]
    return found


def _numbers(values: Iterable[str]) -> list[str]:
    constants = sorted({number for number in map(read.number, values) if number is not None})
    found = [f"{n:f}" for c in constants for n in (c, c + 1, c - 1)]
    found += [f"{(a + b) / 2:f}" for a, b in itertools.pairwise(constants)]
    return found or ["0"]


def _dates(values: Iterable[str]) -> list[str]:
    constants = sorted({seconds for seconds in map(read.instant, values) if seconds is not None})
    moments = [n for c in constants for n in (c, c + 1, c - 1)] + [(a + b) / 2 for a, b in itertools.pairwise(constants)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [(epoch + timedelta(seconds=float(n))).strftime("%Y-%m-%dT%H:%M:%SZ") for n in moments] or ["2026-01-01T00:00:00Z"]


_TWELVE = Language(frozenset({patterns.DIGITS}))
_REGION = Language(frozenset({(Wild("letter", many=False), Wild("region", many=True))}))
_BOOLEAN = language("true", "false")
SHAPES: Mapping[str, Language] = {
    "aws:principalaccount": _TWELVE,
    "aws:sourceaccount": _TWELVE,
    "aws:resourceaccount": _TWELVE,
    "kms:calleraccount": _TWELVE,
    "aws:requestedregion": _REGION,
    "aws:principaltype": language("AssumedRole", "User", "FederatedUser", "Account"),
}
"""What values of some keys look like; of others nothing is presumed."""
ALWAYS = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:viaawsservice", "aws:requestedregion"})
"""Keys that every request carries.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""


def domain(key: str, literals: Iterable[Condition]) -> Domain:
    """Say what values a key can have: by the catalogue, and for a key that it does not know by how the policies use it."""
    listed = catalog.condition_key(key)
    conditions = [wanted for wanted in literals if wanted.key == key]
    quantified = any(wanted.quantifier for wanted in conditions)
    several = key in MULTI_VALUED or (listed.multivalued if listed else quantified)
    shape = SHAPES.get(key)
    if shape is None and listed is not None and listed.type == "Bool":
        shape = _BOOLEAN
    return Domain(absent=key not in ALWAYS, several=several, within=(shape,) if shape else ())


def present(possible: Domain) -> Domain:
    """Give the same domain without absence and without the empty text."""
    return msgspec.structs.replace(possible, absent=False, within=(*possible.within, Language(frozenset({(ONE, ANY)}))))
