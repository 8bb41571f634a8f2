"""What a call must meet, as a policy would ask for it: the opposite of a condition, demands joined, values that meet them, words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from undeny.calls.model import ContextValue
from undeny.iam.conditions import holds, read_operator
from undeny.iam.model import Condition
from undeny.iam.operators import OPERATORS, network

PROBE = "undeny-probe"
_WORDS: Mapping[str, str] = {
    "StringEquals": "is",
    "StringNotEquals": "is not",
    "StringEqualsIgnoreCase": "is",
    "StringNotEqualsIgnoreCase": "is not",
    "StringLike": "is like",
    "StringNotLike": "is not like",
    "Bool": "is",
    "BinaryEquals": "is",
    "IpAddress": "is in",
    "NotIpAddress": "is not in",
    "ArnEquals": "is",
    "ArnLike": "is like",
    "ArnNotEquals": "is not",
    "ArnNotLike": "is not like",
    "NumericEquals": "is",
    "NumericNotEquals": "is not",
    "NumericLessThan": "is less than",
    "NumericLessThanEquals": "is at most",
    "NumericGreaterThan": "is more than",
    "NumericGreaterThanEquals": "is at least",
    "DateEquals": "is",
    "DateNotEquals": "is not",
    "DateLessThan": "is before",
    "DateLessThanEquals": "is not after",
    "DateGreaterThan": "is after",
    "DateGreaterThanEquals": "is not before",
}
_OPPOSITE: Mapping[str, str] = {
    "LessThan": "GreaterThanEquals",
    "GreaterThanEquals": "LessThan",
    "GreaterThan": "LessThanEquals",
    "LessThanEquals": "GreaterThan",
}


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must be so: a key under an operator, as a policy would ask for it."""

    key: str
    operator: str
    values: tuple[str, ...]


Demands = frozenset[Demand]


def order(demand: Demand) -> tuple[str, str, tuple[str, ...]]:
    """Give the order in which demands are told."""
    return demand.key.lower(), demand.operator, demand.values


def demand_of(condition: Condition) -> Demand:
    """Give a condition as a demand."""
    return Demand(key=condition.key, operator=condition.operator, values=condition.values)


def block(demands: Iterable[Demand]) -> dict[str, dict[str, list[str]]]:
    """Write demands as a `Condition`."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in demands:
        found.setdefault(one.operator, {})[one.key] = list(one.values)
    return found


def negated(condition: Condition) -> tuple[Demand, ...] | None:
    """Give the demands that say the opposite of a condition, absent keys and all; `None` where no operator says it."""
    written = read_operator(condition.operator)
    if written is None:
        return None
    name, key, values = written.operator.name, condition.key, condition.values
    if written.operator.type == "null":
        turned = tuple("false" if value.strip().lower() == "true" else "true" for value in values)
        return (Demand(key=key, operator="Null", values=turned),) if len(values) == 1 else None
    other = _turned(name, values)
    if other is None:
        return None
    operator, wanted = other
    if written.quantifier is not None:
        if written.if_exists:
            return None
        prefix = "ForAnyValue:" if written.quantifier == "all" else "ForAllValues:"
        return (Demand(key=key, operator=prefix + operator, values=wanted),)
    if written.operator.negated:  # holds where absent: the opposite wants the key to be there
        return (Demand(key=key, operator=operator, values=wanted),)
    negative = OPERATORS[operator].negated
    if written.if_exists:  # the same: the key is there and differs
        there = (Demand(key=key, operator="Null", values=("false",)),) if negative else ()
        return (Demand(key=key, operator=operator, values=wanted), *there)
    return (Demand(key=key, operator=operator if negative else f"{operator}IfExists", values=wanted),)


def _turned(name: str, values: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """Give the operator that compares the other way round."""
    if name == "Bool":
        return ("Bool", ("false" if values[0].strip().lower() == "true" else "true",)) if len(values) == 1 else None
    for prefix in ("Numeric", "Date"):
        order = name.removeprefix(prefix)
        if name.startswith(prefix) and order in _OPPOSITE:
            return (prefix + _OPPOSITE[order], values) if len(values) == 1 else None
    pairs = {"Equals": "NotEquals", "EqualsIgnoreCase": "NotEqualsIgnoreCase", "Like": "NotLike"}
    stem = next((one for one in ("String", "Arn", "Numeric", "Date") if name.startswith(one)), None)
    if name in ("IpAddress", "NotIpAddress"):
        return ("NotIpAddress" if name == "IpAddress" else "IpAddress", values)
    if stem is None:
        return None
    rest = name.removeprefix(stem)
    both = pairs | {there: here for here, there in pairs.items()}
    return (stem + both[rest], values) if rest in both else None


def together(demands: Iterable[Demand]) -> Demands:
    """Join demands on one key: what is not to be goes into one list, what is to be into what all of them take."""
    joined: dict[tuple[str, str], Demand] = {}
    for one in sorted(demands, key=order):
        place = (one.key.lower(), one.operator)
        held = joined.get(place)
        written = read_operator(one.operator)
        if held is None or written is None:
            joined[place] = one
        elif written.operator.negated:
            joined[place] = msgspec.structs.replace(held, values=tuple(dict.fromkeys((*held.values, *one.values))))
        elif not written.operator.wildcards and set(held.values) & set(one.values):
            joined[place] = msgspec.structs.replace(held, values=tuple(value for value in held.values if value in one.values))
        else:
            joined[*place, str(len(joined))] = one  # type: ignore[index] # a place of its own
    there = {one.key.lower() for one in joined.values() if _asks_for_it(one)}
    return frozenset(
        one for one in joined.values() if not (one.operator == "Null" and one.values == ("false",) and one.key.lower() in there)
    )


def _asks_for_it(demand: Demand) -> bool:
    written = read_operator(demand.operator)
    known = written is not None and written.operator.type != "null" and not written.if_exists
    return known and written is not None and not written.operator.negated and written.quantifier != "all"


def merged(found: list[Demands]) -> list[Demands]:
    """Make one of alternatives that differ in nothing but the values of one key, where any of the values is enough."""
    out: list[Demands] = []
    for one in found:
        for index, other in enumerate(out):
            mine, theirs = one - other, other - one
            if len(mine) == len(theirs) == 1 and _mergeable(*mine, *theirs):
                [here], [there] = mine, theirs
                values = tuple(dict.fromkeys((*there.values, *here.values)))
                out[index] = (other - theirs) | {msgspec.structs.replace(there, values=values)}
                break
        else:
            out.append(one)
    return out


def _mergeable(one: Demand, other: Demand) -> bool:
    written = read_operator(one.operator)
    same = (one.key.lower(), one.operator) == (other.key.lower(), other.operator)
    return same and written is not None and not written.operator.negated and written.quantifier is None and one.operator != "Null"


def meeting(demands: Sequence[Demand]) -> list[ContextValue]:
    """Give values of a key that meet all demands on it; `None`: absent."""
    conditions = [Condition(operator=one.operator, key=one.key, values=one.values) for one in demands]
    tried = dict.fromkeys(value for one in demands for value in _tried(one))
    key = demands[0].key.lower()
    return [value for value in tried if all(holds(one, {key: value}) is True for one in conditions)][:4]


def _tried(demand: Demand) -> Iterator[ContextValue]:
    written = read_operator(demand.operator)
    kind = written.operator.type if written is not None else "string"
    several = written is not None and written.quantifier is not None
    texts = [
        value.replace("*", PROBE).replace("?", "x") if written is not None and written.operator.wildcards else value
        for value in demand.values
    ]
    if kind == "ip":
        ranges = [found for value in demand.values if (found := network(value)) is not None]
        texts = [str(one.network_address) for one in ranges] + ["192.0.2.1", "2001:db8::1"]
    elif kind == "numeric":
        texts += ["0", "1", "1000000000000"]
    elif kind == "date":
        texts += ["1970-01-02T00:00:00Z", "2099-01-01T00:00:00Z"]
    elif kind in ("bool", "null"):
        texts = ["true", "false", PROBE]
    elif kind == "arn":
        texts.append("arn:aws:iam::999999999999:role/undeny-probe")
    else:
        texts.append(PROBE)
    yield from ((text,) if several else text for text in texts)
    yield None


def words(alternatives: Sequence[Sequence[Demand]]) -> str:
    """Say alternatives in a sentence."""
    return "; or ".join(" and ".join(_spoken(one) for one in several) or "nothing else changes" for several in alternatives)


def _spoken(demand: Demand) -> str:
    written = read_operator(demand.operator)
    values = " or ".join(f"`{value}`" for value in demand.values)
    if written is None:
        return f"`{demand.key}` meets `{demand.operator}` {values}"
    if written.operator.type == "null":
        return f"`{demand.key}` is {'absent' if demand.values == ('true',) else 'there'}"
    said = f"`{demand.key}` {_WORDS[written.operator.name]} {values}"
    if written.quantifier == "all":
        return f"each value of {said}"
    if written.quantifier == "any":
        return f"one value of {said}"
    return f"{said} or absent" if written.if_exists else said
