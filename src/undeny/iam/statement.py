"""One statement read from its JSON object: what cannot be used is told and left out of the parsed form, never out of `raw`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from undeny.iam.conditions import read_operator
from undeny.iam.model import Condition, Effect, Principals, Statement
from undeny.iam.reader import Path

ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)  # fmt: skip
PRINCIPAL_TYPES = frozenset({"AWS", "Service", "Federated", "CanonicalUser", "*"})
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""


class Fault(msgspec.Struct, frozen=True):
    """A problem before its place is known. `spoils`: nobody can say what the statement does."""

    code: str
    message: str
    path: Path
    fatal: bool = True
    spoils: bool = False


class _Parts:
    """Reads the elements of one statement and collects its faults."""

    def __init__(self, raw: Mapping[str, Any], path: Path) -> None:
        self.raw = raw
        self.path = path
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, *at: str | int, fatal: bool = True, spoils: bool = False) -> None:
        """Note a fault at a path below the statement."""
        self.faults.append(Fault(code, message, (*self.path, *at), fatal, spoils))

    def spoil(self, code: str, message: str, *at: str | int) -> None:
        """Note a fault that makes the statement unusable."""
        self.fault(code, message, *at, spoils=True)

    def effect(self) -> Effect:
        """Read `Effect`; a statement without a usable one is called Deny, the cautious reading, and spoiled."""
        found = self.raw.get("Effect")
        if found == "Allow":
            return "Allow"
        if found == "Deny":
            return "Deny"
        if "Effect" in self.raw:
            self.spoil("bad-effect", "`Effect` is `Allow` or `Deny`, with that case", "Effect")
        else:
            self.spoil("missing-effect", "the statement has no `Effect`")
        return "Deny"

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Read an element that is a text or a list of texts; `None` where it is not there or unusable."""
        if name not in self.raw:
            return None
        found = self.raw[name]
        entries = [found] if isinstance(found, str) else found
        if not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
            self.spoil(f"bad-{_kebab(name)}", f"`{name}` is a text or a list of texts", name)
            return None
        if not entries:
            self.fault("empty-list", f"`{name}` is an empty list: it matches nothing", name)
        return tuple(entries)

    def actions(self, name: str) -> tuple[str, ...] | None:
        """Read `Action` or `NotAction`: `*`, or a service prefix without wildcard, a colon and a name."""
        found = self.texts(name)
        if found is None:
            return None
        for index, entry in enumerate(found):
            if not is_action(entry):
                self.spoil("bad-action", f"`{entry}` is no action: a service prefix without wildcard, `:`, a name", name, index)
                return None
        return found

    def one_of(self, name: str) -> None:
        """Say where both of an element and its negation are there."""
        if name in self.raw and f"Not{name}" in self.raw:
            self.spoil(f"both-{name.lower()}", f"a statement has `{name}` or `Not{name}`, never both", f"Not{name}")

    def principals(self, name: str) -> Principals | None:
        """Read `Principal` or `NotPrincipal`."""
        if name not in self.raw:
            return None
        found = self.raw[name]
        if found == "*":
            return {"*": ("*",)}
        if not isinstance(found, Mapping):
            self.spoil(f"bad-{_kebab(name)}", f'`{name}` is `"*"` or an object such as {{"AWS": "..."}}', name)
            return None
        read: dict[str, tuple[str, ...]] = {}
        for kind, value in found.items():
            entries = [value] if isinstance(value, str) else value
            usable = isinstance(entries, list | tuple) and all(isinstance(entry, str) for entry in entries)
            if kind not in PRINCIPAL_TYPES or not usable:
                self.spoil(f"bad-{_kebab(name)}", f"`{name}` has no use for `{kind}` with this value", name, kind)
                return None
            read[kind] = tuple(entries)
        return read

    def conditions(self) -> tuple[Condition, ...]:
        """Read `Condition`, key by key."""
        if "Condition" not in self.raw:
            return ()
        block = self.raw["Condition"]
        if not isinstance(block, Mapping):
            self.spoil("bad-condition", "`Condition` is an object of operators", "Condition")
            return ()
        read: list[Condition] = []
        for operator, keys in block.items():
            if read_operator(operator) is None:
                self.fault("unknown-operator", f"no condition operator is called `{operator}`", "Condition", operator)
            if not isinstance(keys, Mapping):
                self.spoil("bad-condition", f"`{operator}` is an object of condition keys", "Condition", operator)
                continue
            read.extend(self._condition(operator, key, values) for key, values in keys.items())
        return tuple(read)

    def _condition(self, operator: str, key: str, values: Any) -> Condition:
        entries = values if isinstance(values, list | tuple) else [values]
        read = []
        for index, entry in enumerate(entries):
            text = value_text(entry)
            if text is None:
                self.spoil("bad-condition-value", "a condition's value is a text, a number or a boolean", "Condition", operator, key, index)
            else:
                read.append(text)
            if "${" in (text or "") and ",'" in (text or ""):
                message = "AWS writes a comma and a space before a variable's default"
                self.fault("default-without-space", message, "Condition", operator, key, index, fatal=False)
        return Condition(operator=operator, key=key, values=tuple(read))


def is_action(entry: str) -> bool:
    """Whether an entry is `*`, `*:*`, or a service prefix without wildcard, a colon and a name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """
    prefix, colon, rest = entry.partition(":")
    return entry in {"*", "*:*"} or bool(colon and prefix and rest and "*" not in prefix and "?" not in prefix)


def read_statement(raw: Any, index: int, path: Path) -> tuple[Statement, Sequence[Fault]]:
    """Read one entry of `Statement`, whatever it is."""
    if not isinstance(raw, Mapping):
        fault = Fault("bad-statement", "a statement is a JSON object", path, spoils=True)
        return Statement(index=index, effect="Deny", raw={}, usable=False), [fault]
    parts = _Parts(raw, path)
    sid = raw.get("Sid")
    if "Sid" in raw and not isinstance(sid, str):
        parts.fault("bad-sid", "`Sid` is a text", "Sid")
    for key in raw:
        if key not in ELEMENTS:
            parts.fault("unknown-element", f"a statement has no element `{key}`", key)
    for name in ("Principal", "Action", "Resource"):
        parts.one_of(name)
    if "Action" not in raw and "NotAction" not in raw:
        parts.spoil("missing-action", "the statement has neither `Action` nor `NotAction`")
    statement = Statement(
        index=index,
        effect=parts.effect(),
        sid=sid if isinstance(sid, str) else None,
        principal=parts.principals("Principal"),
        not_principal=parts.principals("NotPrincipal"),
        action=parts.actions("Action"),
        not_action=parts.actions("NotAction"),
        resource=parts.texts("Resource"),
        not_resource=parts.texts("NotResource"),
        condition=parts.conditions(),
        raw=raw,
        usable=not any(fault.spoils for fault in parts.faults),
    )
    return statement, parts.faults


def value_text(value: Any) -> str | None:
    """Write a condition's value as text: `true` for JSON true; `None` for what is no single value."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else None


def _kebab(name: str) -> str:
    return name.lower() if not name.startswith("Not") else f"not-{name[3:].lower()}"
