"""What AWS itself recorded of a denial: its encoded message, and the details behind an authorization id."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from undeny import catalog
from undeny.aws.collect import iamtoolbox, sts
from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.denial.details import KINDS, TYPES
from undeny.denial.model import Denial
from undeny.evidence.model import Gap


def recorded(session: Session, denial: Denial, *, clock: Callable[[], datetime] | None = None) -> tuple[Denial, tuple[Gap, ...]]:
    """Fill a denial with what AWS recorded of it: who, what, on what, and the values of the condition keys.

    What the denial says stays; AWS's record wins on the kind of denial, since texts of 2022 and 2023 could call an implicit one explicit.
    Gives the gaps of what could not be read beside it; the denial itself where it has nothing to ask with.
    """
    wanted = denial.encoded_message is not None and not denial.encoded_truncated
    if not wanted and denial.authorization_id is None:
        return denial, ()
    reader = Reader(session, clock)
    if wanted and denial.encoded_message is not None:
        found = sts.decoded(reader, denial.encoded_message)
        denial = denial if isinstance(found, Gap) else _with(denial, _of_message(found))
    if denial.authorization_id is not None:
        details = iamtoolbox.details(reader, denial.authorization_id, denial.region)
        denial = denial if isinstance(details, Gap) else _with(denial, _of_details(details))
    return denial, tuple(reader.gaps)


def _with(denial: Denial, found: Mapping[str, Any]) -> Denial:
    told = {name: value for name, value in found.items() if value is not None}
    kept = {name: value for name, value in told.items() if name in ("kind", "context") or getattr(denial, name) is None}
    if "context" in kept:
        said = {key.lower() for key in denial.context}
        kept["context"] = {**denial.context, **{key: value for key, value in kept["context"].items() if key.lower() not in said}}
    return msgspec.structs.replace(denial, **kept)


def _of_message(found: Mapping[str, Any]) -> dict[str, Any]:
    """Read a decoded message.

    https://docs.aws.amazon.com/cli/latest/reference/sts/decode-authorization-message.html
    """
    context = found.get("context") or {}
    action = context.get("action")
    items = (context.get("conditions") or {}).get("items") or ()
    values = {item["key"]: tuple(one["value"] for one in (item.get("values") or {}).get("items") or ()) for item in items}
    return {
        "kind": None if found.get("allowed") else "explicit" if found.get("explicitDeny") else "implicit",
        "principal": (context.get("principal") or {}).get("arn"),
        "action": catalog.canonical(action) if action else None,
        "resource": context.get("resource"),
        "context": dict(_known(values, action or "")),
    }


def _known(values: Mapping[str, tuple[str, ...]], action: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keep the condition keys that policies can name: the message holds AWS's own working values too."""
    prefix = action.partition(":")[0]
    for key, held in values.items():
        if held and catalog.condition_key(key, prefix) is not None:
            yield key, held


def _of_details(found: Mapping[str, Any]) -> dict[str, Any]:
    """Read authorization details.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    denied: Mapping[str, Any] = next((one for one in found.get("evaluations", ()) if one.get("evaluatedEffect") in KINDS), {})
    check: Mapping[str, Any] = next(
        (one for one in denied.get("checks", ()) if one.get("evaluatedEffect") == denied.get("evaluatedEffect")), {}
    )
    matched = [one.get("uri") for one in check.get("matchedPolicies", ())]
    values = {**found.get("requestContext", {}), **denied.get("context", {})}
    context = {key: tuple(_texts(value)) for key, value in values.items()}
    arn = next((uri for uri in matched if isinstance(uri, str) and uri.startswith("arn:")), None)
    return {
        "kind": KINDS.get(denied.get("evaluatedEffect", "")),
        "action": catalog.canonical(denied["action"]) if denied.get("action") else None,
        "resource": denied.get("resource"),
        "policy_type": TYPES.get(check.get("checkType", "")),
        "policy_arn": arn,
        "principal": next(iter(context.get("aws:PrincipalArn", ())), None),
        "context": {key: held for key, held in context.items() if held},
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
