"""The condition operators of AWS: what each compares, as comparisons of one wanted value with one value of the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Any, Literal

import msgspec

ValueType = Literal["string", "numeric", "date", "bool", "binary", "ip", "arn", "null"]
Compare = Callable[[Any, Any], bool]


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """A known operator without prefix and suffix: its value type, whether it is the negation of `compare`, whether wildcards count."""

    name: str
    type: ValueType
    negated: bool = False
    wildcards: bool = False
    ignore_case: bool = False
    compare: Compare = eq


def _known() -> Mapping[str, Operator]:
    listed = [
        Operator(name="StringEquals", type="string"),
        Operator(name="StringNotEquals", type="string", negated=True),
        Operator(name="StringEqualsIgnoreCase", type="string", ignore_case=True),
        Operator(name="StringNotEqualsIgnoreCase", type="string", ignore_case=True, negated=True),
        Operator(name="StringLike", type="string", wildcards=True),
        Operator(name="StringNotLike", type="string", wildcards=True, negated=True),
        Operator(name="Bool", type="bool"),
        Operator(name="BinaryEquals", type="binary"),
        Operator(name="IpAddress", type="ip"),
        Operator(name="NotIpAddress", type="ip", negated=True),
        Operator(name="ArnEquals", type="arn", wildcards=True),
        Operator(name="ArnLike", type="arn", wildcards=True),
        Operator(name="ArnNotEquals", type="arn", wildcards=True, negated=True),
        Operator(name="ArnNotLike", type="arn", wildcards=True, negated=True),
        Operator(name="Null", type="null"),
    ]
    orders: tuple[tuple[str, Compare], ...] = (
        ("LessThan", lt),
        ("LessThanEquals", le),
        ("GreaterThan", gt),
        ("GreaterThanEquals", ge),
    )
    types: tuple[tuple[str, ValueType], ...] = (("Numeric", "numeric"), ("Date", "date"))
    for prefix, kind in types:
        listed.append(Operator(name=f"{prefix}Equals", type=kind))
        listed.append(Operator(name=f"{prefix}NotEquals", type=kind, negated=True))
        listed.extend(Operator(name=prefix + order, type=kind, compare=compare) for order, compare in orders)
    return {operator.name: operator for operator in listed}


OPERATORS: Mapping[str, Operator] = _known()
"""Every operator by its name, without `ForAllValues:`, `ForAnyValue:` and `IfExists`."""
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?", re.ASCII)
_EPOCH = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def number(text: str) -> Decimal | None:
    """Read a number, all of the text or nothing (trap 12)."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def instant(text: str) -> Decimal | None:
    """Read ISO 8601 or epoch seconds as seconds since 1970 (trap 4); a time without offset is UTC."""
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return Decimal(since.days * 86400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


def boolean(text: str) -> bool | None:
    """Read `true` or `false`, in any case."""
    return {"true": True, "false": False}.get(text.strip().lower())


def binary(text: str) -> bytes | None:
    """Read base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=4096)
def network(text: str) -> Network | None:
    """Read a range in CIDR notation; a single address is a range of one."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def address(text: str) -> Address | None:
    """Read an address of either version, by value (trap 1)."""
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def within(wanted: Network, got: Address) -> bool:
    """Whether an address is in a range of its own version."""
    return wanted.version == got.version and got in wanted


READERS: Mapping[ValueType, tuple[Callable[[str], Any], Callable[[str], Any]]] = {
    "numeric": (number, number),
    "date": (instant, instant),
    "bool": (boolean, boolean),
    "binary": (binary, binary),
    "ip": (network, address),
}
"""How the wanted value and the request's value of a type are read; each gives `None` for what it cannot read."""
