"""What a cause may ask of a case: its text in lower case, the request that it speaks of, settings of things."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from undeny.calls.model import Request
from undeny.decide.model import LayerName, Verdict
from undeny.denial.model import Denial
from undeny.diagnose.model import Case
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

DENIED = ("implicitly_denied", "explicitly_denied")
TYPE_OF_LAYER: Mapping[str, LayerName] = {
    "identity_based": "identity",
    "resource_based": "resource",
    "role_trust": "resource",
    "permissions_boundary": "boundary",
    "session": "session",
    "service_control": "scp",
    "resource_control": "rcp",
    "vpc_endpoint": "endpoint",
}
"""The layer that a policy type of AWS's sentence stands for; other types are no policies."""


def folded(denial: Denial) -> str:
    """Give all that the denial says in one line of lower case: text, message, error code, service and operation."""
    parts = (denial.text, denial.message, denial.error_code, denial.service, denial.event_source, denial.operation, denial.action)
    status = f"http {denial.http_status}" if denial.http_status else None
    return " ".join(" ".join(part for part in (*parts, status) if part).split()).lower()


def judged(denial: Denial) -> bool:
    """Tell whether AWS's own sentence says who may not do what: then policies were asked, whatever else failed."""
    return bool(denial.action and denial.principal and (denial.kind or denial.form == "authorization"))


def by_service(denial: Denial) -> bool:
    """Tell whether an AWS service made the call under its own name, which has no identity policies."""
    return denial.principal is not None and Principal.parse(denial.principal).kind == "service"


def main(case: Case) -> Request | None:
    """Give the request that the user made, `None` where nobody knows the action."""
    return case.requests[0] if case.requests else None


def focus(case: Case) -> int | None:
    """Give the index of the denied request that the answer speaks of: the one that AWS names, else the failing one."""
    action = (case.denial.action or "").lower()
    pairs = enumerate(zip(case.requests, case.verdicts, strict=False))
    named = (i for i, (request, verdict) in pairs if verdict.decision in DENIED and request.action.lower() == action)
    return next(named, case.failing)


def denied(case: Case) -> Iterator[tuple[int, Request, Verdict]]:
    """Give each denied request with its verdict, the one in focus first."""
    first = focus(case)
    if first is None:
        return
    order = [first, *(i for i in range(len(case.verdicts)) if i != first)]
    for i in order:
        if case.verdicts[i].decision in DENIED:
            yield i, case.requests[i], case.verdicts[i]


def read(case: Case) -> bool:
    """Tell whether any evidence was read beside the text."""
    return not case.evidence.from_text


def passes(case: Case) -> bool:
    """Tell whether policies were read and none that the call surely asks denies it."""
    index = focus(case)
    return read(case) and bool(case.verdicts) and (index is None or not case.requests[index].certain)


def named_layer(denial: Denial) -> LayerName | None:
    """Give the layer that AWS's sentence names."""
    return TYPE_OF_LAYER.get(denial.policy_type or "")


def resource_known(request: Request) -> bool:
    """Tell whether anybody said on what the call was: else its resource is a mere `*`."""
    return "resource" not in request.unknown_keys


def settings(case: Case, arn: str) -> Mapping[str, Any]:
    """Give what was read of a thing, empty where nothing was."""
    thing = case.evidence.resources.get(arn)
    return thing.settings if thing else {}


def bucket_arn(arn: str) -> str | None:
    """Give the ARN of the bucket that holds an object, or of the bucket itself; `None` for anything else."""
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service_prefix != "s3" or parsed.region or parsed.account:
        return None
    return str(Arn(partition=parsed.partition, service_prefix="s3", region="", account="", resource=parsed.bucket))


def caller_account(request: Request) -> str | None:
    """Give the account of the caller, `None` for a service, for anonymous callers and where it is not known."""
    return Principal.parse(request.principal).account if request.principal else None


def same_account(request: Request) -> bool:
    """Tell whether caller and resource are in one account, as far as known: an unknown side counts as the same."""
    caller = caller_account(request)
    return caller is None or request.resource_account in (None, caller)


def role_arn(request: Request) -> str | None:
    """Give the role behind the caller, or the user."""
    if not request.principal:
        return None
    principal = Principal.parse(request.principal)
    return principal.role_arn or request.principal


def moment(value: Any) -> datetime | None:
    """Read a time as AWS's responses and snapshots have it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
