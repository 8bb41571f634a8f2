"""Whether a denial came back: saved explanations of the same caller, action, thing and cause, at another time."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from undeny.change.store import Store, digest_of
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

APART = timedelta(hours=1)
"""How far apart two explanations without request id and time are before they count as two denials."""


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """How often a denial was met, this time included, and when first."""

    times: int
    first: datetime | None = None


def fingerprint(explanation: Mapping[str, Any]) -> str:
    """Give what stays the same when a denial comes back, from an explanation as JSON: caller, action, thing and cause, as a digest."""
    denial, cause = explanation.get("denial") or {}, explanation.get("cause") or {}
    request: Mapping[str, Any] = next(iter(explanation.get("requests") or ()), {})
    principal = denial.get("principal") or request.get("principal")
    action = str(denial.get("action") or request.get("action") or denial.get("operation") or "").lower()
    held = [_caller(principal), action, _thing(denial.get("resource") or request.get("resource")), cause.get("code")]
    return digest_of(json.dumps(held))[:32]


def again(store: Store, explanation: Mapping[str, Any]) -> Again:
    """Count how often the denial of a saved explanation was met: the same request explained twice is one."""
    mark = fingerprint(explanation)
    seen: set[str] = set()
    first: datetime | None = None
    last: datetime | None = None
    for _, created, body in reversed(store.explanations()):
        if fingerprint(body) != mark:
            continue
        told = _told(body)
        if told is None and (last is None or created - last >= APART):
            told = created.isoformat()
        last = created
        if told is not None:
            seen.add(told)
            first = first or created
    return Again(times=max(1, len(seen)), first=first)


def _told(body: Mapping[str, Any]) -> str | None:
    denial = body.get("denial") or {}
    return next((str(denial[name]) for name in ("request_id", "event_id", "event_time") if denial.get(name)), None)


def _caller(principal: str | None) -> str | None:
    return (Principal.parse(principal).role_arn or principal) if principal else None


def _thing(resource: str | None) -> str | None:
    arn = Arn.parse(resource) if resource else None
    return f"{arn.service_prefix}:{arn.bucket}" if arn is not None and arn.service_prefix == "s3" else resource
