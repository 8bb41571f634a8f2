"""The files of a snapshot: policies, gaps and things as JSON, and back."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from undeny.errors import UndenyError
from undeny.evidence.model import Gap, Policy, PolicySet, Resource
from undeny.iam import document


def load(path: Path) -> dict[str, Any]:
    """Read one file. Raises `UndenyError` that names it where it is no JSON object."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UndenyError(f"`{path}` of the snapshot cannot be read: {error}", code="malformed-snapshot") from error
    if not isinstance(found, dict):
        raise UndenyError(f"`{path}` of the snapshot is no JSON object", code="malformed-snapshot")
    return found


def save(path: Path, value: Any) -> None:
    """Write one file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)


def policy(held: Mapping[str, Any]) -> Policy:
    """Read a policy from its file."""
    try:
        return Policy(
            name=held["name"],
            document=document.read(held["document"]),
            arn=held.get("arn"),
            attached_to=held.get("attached_to"),
            inline=held.get("inline"),
            source=held.get("source"),
            read_at=datetime.fromisoformat(held["read_at"]) if held.get("read_at") else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UndenyError(f"a policy of the snapshot lacks {error}", code="malformed-snapshot") from error


def write_policy(held: Policy) -> dict[str, Any]:
    """Write a policy: its document as the text that AWS gave."""
    return {
        "name": held.name,
        "arn": held.arn,
        "attached_to": held.attached_to,
        "inline": held.inline,
        "source": held.source,
        "read_at": held.read_at.isoformat() if held.read_at else None,
        "document": held.document.text,
    }


def gap(held: Mapping[str, Any]) -> Gap:
    """Read a gap."""
    return msgspec.convert(held["gap"], Gap)


def write_gap(held: Gap) -> dict[str, Any]:
    """Write a gap."""
    return {"gap": msgspec.to_builtins(held)}


def policy_set(held: Any, managed: Mapping[str, Policy]) -> PolicySet:
    """Read the policies of a layer; a managed one stands once for the account, and here by its ARN."""
    if held is None:
        return None
    if isinstance(held, Mapping):
        return gap(held)
    return tuple(_one(item, managed) for item in held)


def _one(item: Mapping[str, Any], managed: Mapping[str, Policy]) -> Policy:
    if "document" in item:
        return policy(item)
    if item.get("arn") not in managed:
        raise UndenyError(f"the snapshot lacks the policy `{item.get('arn')}`", code="malformed-snapshot")
    return msgspec.structs.replace(managed[item["arn"]], attached_to=item.get("attached_to"))


def write_set(held: PolicySet, *, inside: bool = False) -> Any:
    """Write the policies of a layer; `inside` keeps managed ones whole too."""
    if held is None:
        return None
    if isinstance(held, Gap):
        return write_gap(held)
    return [write_policy(one) if inside or one.arn is None else {"arn": one.arn, "attached_to": one.attached_to} for one in held]


def resource(held: Mapping[str, Any]) -> Resource:
    """Read a thing from its file."""
    told = held.get("policy")
    read: Policy | Gap | None = None if told is None else gap(told) if "gap" in told else policy(told)
    return Resource(arn=held["arn"], policy=read, settings=held.get("settings", {}), exists=held.get("exists"))


def write_resource(thing: Resource) -> dict[str, Any]:
    """Write a thing."""
    told = None if thing.policy is None else write_gap(thing.policy) if isinstance(thing.policy, Gap) else write_policy(thing.policy)
    return {"arn": thing.arn, "exists": thing.exists, "settings": _plain(thing.settings), "policy": told}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
