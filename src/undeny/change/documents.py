"""When two documents are the same policy: AWS gives some back in another spelling than it was given."""

import difflib
import json
from collections.abc import Mapping
from typing import Any

from undeny.iam.principal import Principal
from undeny.iam.write import dump

_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def same(one: Any, other: Any) -> bool:
    """Tell whether two documents (or `None`s) say the same, however lists of one, their order and account principals are spelled.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    if one is None or other is None:
        return one is other
    return bool(_folded(one) == _folded(other))


def data_of(text: str | None) -> Any:
    """Give the JSON of a text, `None` for none or for what is no JSON."""
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def differences(before: Any, after: Any) -> tuple[str, ...]:
    """Give the lines that differ between two documents, both written alike, as `-` and `+` with one line around."""
    left = [] if before is None else dump(before).splitlines()
    right = [] if after is None else dump(after).splitlines()
    lines = difflib.unified_diff(left, right, lineterm="", n=1)
    return tuple(line for line in lines if not line.startswith(("---", "+++")))


def _folded(document: Any) -> Any:
    if not isinstance(document, Mapping) or "Statement" not in document:
        return document
    statements = document["Statement"]
    listed = statements if isinstance(statements, list | tuple) else [statements]
    return {**document, "Statement": [_statement(one) for one in listed]}


def _statement(statement: Any) -> Any:
    if not isinstance(statement, Mapping):
        return statement
    out = dict(statement)
    for name in _LISTS:
        if name in out:
            out[name] = _texts(out[name])
    for name in ("Principal", "NotPrincipal"):
        if name in out:
            out[name] = _principals(out[name])
    if isinstance(out.get("Condition"), Mapping):
        out["Condition"] = {
            operator: {key: _texts(values) for key, values in keys.items()} if isinstance(keys, Mapping) else keys
            for operator, keys in out["Condition"].items()
        }
    return out


def _principals(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {kind: sorted({_principal(one) for one in _texts(held)}) for kind, held in value.items()}
    return value


def _principal(text: str) -> str:
    who = Principal.parse(text)
    return f"account {who.account}" if who.kind == "root" else text


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    return sorted({str(one).lower() if isinstance(one, bool) else str(one) for one in listed})
