"""A decoded authorization message as a denial: who, what, on what, explicit or not, and the values of the condition keys.

https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny import catalog
from undeny.denial.build import built
from undeny.denial.found import Facts
from undeny.denial.model import Denial
from undeny.denial.record import message_context
from undeny.denial.secrets import mask, mask_value


def denial_of_message(record: Mapping[str, Any]) -> Denial:
    """Give the denial that a decoded message tells of."""
    return built({**facts_of(record), "record": mask_value(record), "wrapper": "decoded_message"})


def facts_of(record: Mapping[str, Any]) -> Facts:
    """Give what a decoded message says, as fields of a denial; what it does not say is left out."""
    told = record.get("context")
    told = told if isinstance(told, Mapping) else {}
    action, resource, principal = told.get("action"), told.get("resource"), told.get("principal")
    context = dict(_named(record, str(action or "")))
    folded = {key.lower(): values[0] for key, values in context.items()}
    found = {
        "kind": "explicit" if record.get("explicitDeny") else "implicit",
        "principal": principal.get("arn") if isinstance(principal, Mapping) else None,
        "action": catalog.canonical(action) if isinstance(action, str) and action else None,
        "resource": resource if isinstance(resource, str) else None,
        "region": folded.get("aws:requestedregion") or folded.get("ec2:region"),
        "source_ip": folded.get("aws:sourceip") or folded.get("aws:vpcsourceip"),
        "vpc_endpoint_id": folded.get("aws:sourcevpce"),
        "user_agent": folded.get("aws:useragent"),
        "context": context,
    }
    return {name: value for name, value in found.items() if value is not None}


def _named(record: Mapping[str, Any], action: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keep the condition keys that policies can name: the message holds AWS's own working values too."""
    prefix = action.partition(":")[0]
    for key, values in message_context(record):
        if catalog.condition_key(key, prefix) is not None:
            yield key, tuple(mask(value) for value in values)
