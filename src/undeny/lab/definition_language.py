"""What the policy language means: three-valued logic, patterns, policy variables, conditions.

A part of `definition.py`, which says more; like it, it shares nothing with the engine.
"""

import base64
import ipaddress
import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Truth = bool | None
"""`None`: not known."""
Keys = dict[str, tuple[str, ...] | None]
"""Condition keys in lower case; `()`: the key is absent, `None`: its value is not known."""


class Told(Keys):
    """Keys among which those of whole families (`aws:resourcetag/`) are not known where they are not given."""

    def __init__(self, keys: Keys, families: tuple[str, ...]) -> None:
        super().__init__(keys)
        self.families = families

    def get(self, key: str, default: Any = None) -> Any:
        """Look up a key: `default` where it is not given and of no such family."""
        return self[key] if key in self else None if key.startswith(self.families) else default


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's and."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def negate(truth: Truth) -> Truth:
    """Kleene's not."""
    return None if truth is None else not truth


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's or."""
    return negate(all_of(negate(truth) for truth in truths))


def listed(value: Any) -> list[Any]:
    """Give a list where a policy writes one thing or several."""
    return list(value) if isinstance(value, list | tuple) else [value]


def text(value: Any) -> str:
    """JSON `true` is the text `true`, a number its digits."""
    return str(value).lower() if isinstance(value, bool) else str(value)


Tokens = list[tuple[str, bool]]
"""Characters, each with whether it is a wildcard."""
VARIABLE = re.compile(r"\$\{(?:([*?$])|([^{}',*?$]+?)\s*(?:,\s*'([^']*)'\s*)?)\}")


WHATEVER: Tokens = [("*", True)]
"""What stands for a value that nobody knows."""


class NoValueError(Exception):
    """A policy variable without value and default."""


class UnknownValueError(Exception):
    """A policy variable whose value nobody knows."""


def tokens(pattern: str, keys: Keys | None, unknown: Tokens | None = None) -> Tokens:
    """Split a pattern into characters, its variables replaced by their values (not where `keys` is `None`), which are no wildcards."""
    found: Tokens = []
    at = 0
    while at < len(pattern):
        variable = VARIABLE.match(pattern, at) if keys is not None else None
        if keys is None or variable is None:
            found.append((pattern[at], pattern[at] in "*?"))
            at += 1
            continue
        values = (variable[1],) if variable[1] else keys.get(variable[2].strip().lower(), ())
        if values is None and unknown is None:
            raise UnknownValueError
        if values is None:
            found += unknown or []
            at = variable.end()
            continue
        if len(values) != 1 and variable[3] is None:  # a key with several values cannot be a variable
            raise NoValueError
        found += [(c, False) for c in (values[0] if len(values) == 1 else variable[3])]
        at = variable.end()
    return found


def regex_of(pattern: Tokens) -> str:
    """Write a pattern as a regular expression; a wildcard stands for every character, a newline too."""
    return "".join({"*": ".*", "?": "."}[c] if wild else re.escape(c) for c, wild in pattern)


def fits(pattern: Tokens, value: str) -> bool:
    """Whether the whole value matches."""
    return re.fullmatch(regex_of(pattern), value, re.DOTALL) is not None


def action_fits(pattern: str, action: str) -> bool:
    """Whether an entry of `Action` matches, without case; the service part takes no wildcard, but for `*` alone and `*:*`."""
    service, _, name = pattern.lower().partition(":")
    return pattern in ("*", "*:*") or bool(name and not {"*", "?"} & set(service) and fits(tokens(pattern.lower(), None), action.lower()))


def resource_fits(pattern: str, resource: str, keys: Keys | None) -> Truth:
    """Whether an entry of `Resource` matches: in the first five segments `*` runs past a colon only as a segment's last character.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    cut = re.match(r"(?:[^:]*:){5}", pattern)
    head, tail = (cut[0], pattern[cut.end() :]) if cut else (pattern, "")
    wild = {"?": "[^:]", "*": "[^:]*"}
    start = "".join(".*" if c == "*" and head[i + 1 : i + 2] in ("", ":") else wild.get(c, re.escape(c)) for i, c in enumerate(head))
    try:
        return re.fullmatch(start + regex_of(tokens(tail, keys)), resource, re.DOTALL) is not None
    except NoValueError:
        return False
    except UnknownValueError:
        return None if re.fullmatch(start + regex_of(tokens(tail, keys, WHATEVER)), resource, re.DOTALL) else False


def untold_fits(pattern: str, resource: str, keys: Keys | None) -> Truth:
    """Whether an entry of `Resource` matches a resource that nobody named, of which a pattern is known: surely, perhaps, or not."""
    if pattern == "*":
        return True
    if keys is not None and VARIABLE.search(pattern):
        return None
    plain = re.compile(r"[^*?]*")
    known, own = plain.match(resource), plain.match(pattern)
    start, asked = known[0] if known else "", own[0] if own else ""
    if pattern in (resource, asked + "*") and (pattern == resource or start.startswith(asked)):
        return True
    return None if start.startswith(asked) or asked.startswith(start) else False


def number(value: str) -> Decimal:
    """Read a decimal number: `10abc` is none."""
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value, re.ASCII):
        raise ValueError
    return Decimal(value)


def instant(value: str) -> datetime:
    """Read an instant from ISO 8601 or epoch seconds."""
    if re.fullmatch(r"-?\d{5,}(\.\d+)?", value):
        return datetime.fromtimestamp(float(value), UTC)
    moment = datetime.fromisoformat(value + {4: "-01-01", 7: "-01"}.get(len(value), ""))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def boolean(value: str) -> bool:
    """Read `true` or `false`, without case."""
    return {"true": True, "false": False}[value.lower()]


def arn_fits(pattern: Tokens, got: str) -> bool:
    """Whether an ARN matches: each of the six parts by itself."""
    parts: list[Tokens] = [[]]
    for token in pattern:
        if token == (":", False) and len(parts) < 6:
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) < 6 or not fits(parts[0], "arn") or got.count(":") < 5 or not got.startswith("arn:"):
        raise ValueError
    return all(fits(part, value) for part, value in zip(parts, got.split(":", 5), strict=True))


def compared(read: Callable[[str], Any], how: Callable[[Any, Any], bool]) -> Callable[[Tokens, str], bool]:
    """Make a test that reads both sides as values of one type."""
    return lambda want, got: how(read(got), read("".join(c for c, _ in want)))


ORDER = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
TESTS: dict[str, Callable[[Tokens, str], bool]] = {
    "StringEquals": compared(str, operator.eq),
    "StringEqualsIgnoreCase": compared(str.lower, operator.eq),
    "StringLike": fits,
    "ArnEquals": arn_fits,
    "ArnLike": arn_fits,
    "Bool": compared(boolean, operator.eq),
    "BinaryEquals": compared(lambda value: base64.b64decode(value, validate=True), operator.eq),
    "IpAddress": lambda want, got: ipaddress.ip_address(got) in ipaddress.ip_network("".join(c for c, _ in want), strict=False),
} | {f"{kind}{name}": compared(read, how) for kind, read in (("Numeric", number), ("Date", instant)) for name, how in ORDER.items()}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}


def condition_holds(named: str, key: str, wanted: list[str], keys: Keys, *, variables: bool) -> Truth:
    """Whether one key under one operator holds; `None` for an operator that is not known.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    parts = re.fullmatch(r"(?:(ForAllValues|ForAnyValue):)?(\w*?)(IfExists)?", named)
    quantifier, name, if_exists = parts.groups() if parts else ("", "", "")
    got, negated, test = keys.get(key.lower(), ()), name in NEGATED, NEGATED.get(name, name)
    if named == "Null" and got is not None:
        return any(want.lower() == text(got == ()) for want in wanted)
    if got is None or test not in TESTS:
        return None
    if not got:
        return bool(if_exists) or quantifier == "ForAllValues" or (negated and quantifier is None)

    def matches(want: str, value: str) -> Truth:
        try:
            return TESTS[test](tokens(want, keys if variables and test.startswith(("String", "Arn")) else None), value)
        except NoValueError:
            return False
        except UnknownValueError:  # then only what no value could match is sure
            wide = tokens(want, keys, WHATEVER)
            fold = str.lower if test == "StringEqualsIgnoreCase" else str
            wide = [(c, wild) if test.endswith("Like") or (c, wild) in WHATEVER else (fold(c), False) for c, wild in wide]
            return None if fits(wide, fold(value)) else False
        except (ValueError, LookupError, OverflowError):  # a text that is no value of the operator's type
            return None if negated else False

    found = [any_of(matches(want, value) for want in wanted) for value in got]
    each = [negate(truth) for truth in found] if negated else found
    if quantifier is None:  # several values without a set operator: AWS does not say, unless all of them agree
        return each[0] if len(set(each)) == 1 else None
    return all_of(each) if quantifier == "ForAllValues" else any_of(each)
