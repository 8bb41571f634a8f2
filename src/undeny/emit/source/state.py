"""Attributes of real things by their address in code: from `terraform show -json` or a state file.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Attributes = Mapping[str, Any]


def read(texts: Mapping[str, str]) -> dict[str, Attributes]:
    """Give the attributes by address that states among `texts` hold; of several instances of one resource, none."""
    found: dict[str, Attributes] = {}
    several: set[str] = set()
    for path, text in sorted(texts.items()):
        if not path.endswith((".json", ".tfstate")):
            continue
        for address, attributes in _in(text):
            several |= {address} if address in found and found[address] != attributes else set()
            found[address] = attributes
    return {address: attributes for address, attributes in found.items() if address not in several}


def is_state(text: str) -> bool:
    """Whether a text looks like a state or the output of `terraform show -json`."""
    return '"terraform_version"' in text[:2000] and ('"values"' in text or '"resources"' in text)


def _in(text: str) -> Iterator[tuple[str, Attributes]]:
    if not is_state(text):
        return
    try:
        held = json.loads(text)
    except ValueError:
        return
    if not isinstance(held, dict):
        return
    values = held.get("values") or (held.get("prior_state") or {}).get("values") or held.get("planned_values")
    if isinstance(values, dict):
        yield from _shown(values.get("root_module") or {})
    for one in held.get("resources") or ():
        yield from _stored(one)


def _shown(module: Mapping[str, Any]) -> Iterator[tuple[str, Attributes]]:
    for one in module.get("resources") or ():
        yield _plain(str(one.get("address"))), one.get("values") or {}
    for child in module.get("child_modules") or ():
        yield from _shown(child)


def _stored(one: Mapping[str, Any]) -> Iterator[tuple[str, Attributes]]:
    names = [one.get("module"), "data" if one.get("mode") == "data" else None, one.get("type"), one.get("name")]
    address = _plain(".".join(str(name) for name in names if name))
    for instance in one.get("instances") or ():
        yield address, instance.get("attributes") or {}


def _plain(address: str) -> str:
    """Give an address without the keys of its instances: `aws_iam_policy.p` for `aws_iam_policy.p["a"]`."""
    pieces, depth = [], 0
    for character in address:
        depth += character == "["
        if not depth:
            pieces.append(character)
        depth -= character == "]"
    return "".join(pieces)
