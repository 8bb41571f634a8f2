"""Containment asked of a fix: does a new document allow anything that neither the old one nor what the fix names does?"""

from collections.abc import Iterator
from typing import Literal

from undeny.calls.model import Request
from undeny.fix import requests
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam.arn import Arn
from undeny.prove import containment
from undeny.prove.containment import CheckResult

WHOLE = ("kms", "iam", "ecr")
"""Services whose own policies speak of the one thing that holds them, whatever `Resource` says or where there is none."""


def beyond(edit: PolicyEdit, fix: Fix, caller: Request) -> CheckResult | None:
    """Ask it of one document; `None` where the question cannot be put (a grant to a service, which is no ARN)."""
    kind: Literal["identity", "resource"] = "resource" if edit.layer in ("resource", "endpoint", "rcp") else "identity"
    if kind == "resource" and requests.caller(caller).kind not in ("user", "role", "role_session", "anonymous"):
        return None
    return containment.allows_beyond(edit.before, edit.after, tuple(_granted(edit, fix, caller, kind)), kind)


def _granted(edit: PolicyEdit, fix: Fix, caller: Request, kind: str) -> Iterator[tuple[str, ...]]:
    target = Arn.parse(edit.target)
    whole = edit.layer == "resource" and target is not None and target.service_prefix in WHOLE
    for action, resource, *anyone in fix.grants:
        on = "*" if whole else resource
        if kind == "identity" or anyone or requests.caller(caller).kind == "anonymous":
            yield (action, on)
        else:
            yield (action, on, requests.holder_of_policies(caller))
