"""From a denial to what an alarm counts: this caller, this call, these error codes, and no call that an AWS service made itself."""

import re
from collections.abc import Iterator

from undeny import catalog
from undeny.denial.model import Denial
from undeny.guard.model import Clause, Watch
from undeny.iam.principal import Principal

DEFAULT_CODES = ("AccessDenied*", "*UnauthorizedOperation")
"""The codes of most refusals in CloudTrail, as AWS's own alarm on them has it:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail-authorization-failures.html"""
SERVICES = ("*.amazonaws.com", "AWS Internal")
"""https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (sourceIPAddress)"""
DATED = ("lambda", "cloudfront")
"""Services whose events carry the API's date behind the name: `UpdateFunctionCode20150331v2`."""
DATA_EVENTS = {
    "s3": r"object|multipart|uploadpart|restore|select", "lambda": r"invoke", "sns": r"publish", "sqs": r"message",
    "dynamodb": r"item|query|scan|execute", "kinesis": r"record|sharditerator", "cognito-identity": r".",
}  # fmt: skip
"""Calls that a trail holds only where data events are switched on (by the words of their names).
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html"""
SAID_ELSEWHERE = {"ListObjectsV2": "ListObjects", "ListObjectVersions": "ListObjectVersions"}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"""


def watch_for(denial: Denial) -> Watch:
    """Give what to count so that the same denial is heard of again."""
    clauses = (*_codes(denial), *_calls(denial), *_caller(denial), *_services(denial))
    return Watch(
        name=_name(denial),
        title=f"refused {denial.action or denial.operation or 'calls'} of {_who(denial)}",
        clauses=clauses,
        account=denial.recipient_account or denial.account or _account(denial),
        region=denial.region,
        notes=tuple(_notes(denial, clauses)),
    )


def _account(denial: Denial) -> str | None:
    return Principal.parse(denial.principal).account if denial.principal else None


def _name(denial: Denial) -> str:
    who = Principal.parse(denial.principal).name if denial.principal else None
    words = ("undeny", denial.action or denial.operation or "denials", who or "")
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(words)).strip("-")[:120]


def _who(denial: Denial) -> str:
    if not denial.principal:
        return "anyone"
    who = Principal.parse(denial.principal)
    kind = {"role_session": "role", "federated_user": "federated user", "root": "the root user"}.get(who.kind, who.kind)
    if who.kind == "root":
        return f"{kind} of {who.account}"
    return f"{kind} {who.name}" if who.name and who.kind != "service" else denial.principal


def _codes(denial: Denial) -> Iterator[Clause]:
    yield Clause("errorCode", "=", code_patterns(denial.error_code))


def code_patterns(code: str | None) -> tuple[str, ...]:
    """Give the patterns of `errorCode` for a code as SDKs or CloudTrail spell it: they differ in `Client.` and `Exception`.

    >>> code_patterns("AccessDeniedException"), code_patterns("UnauthorizedOperation"), code_patterns("403")
    (('AccessDenied*',), ('*UnauthorizedOperation',), ('AccessDenied*', '*UnauthorizedOperation'))
    """
    if not code or not code[0].isalpha() or code in ("Forbidden", "Unauthorized"):
        return DEFAULT_CODES  # an answer without a body: the SDK shows the status, CloudTrail the code
    bare = code.removeprefix("Client.").removesuffix("Exception")
    return ("*UnauthorizedOperation",) if bare == "UnauthorizedOperation" else (f"{bare}*",)


def _calls(denial: Denial) -> Iterator[Clause]:
    names = event_names(denial)
    source = denial.event_source or (_source(denial) if names else None)  # without an operation of its own another service's call fails
    if source:
        yield Clause("eventSource", "=", (source,))
    if names:
        yield Clause("eventName", "=", names)
    said = _said_action(denial)
    if said and (not names or (denial.operation and denial.action not in catalog.actions_for(denial.operation, denial.service))):
        yield Clause("errorMessage", "=", (f"*{said}*",))


def event_names(denial: Denial) -> tuple[str, ...]:
    """Give the names that CloudTrail may give the call: the operation's, or those of all operations that the action is for."""
    prefix = (denial.action or "").partition(":")[0].lower()
    names = (denial.operation,) if denial.operation else _operations(denial.action, prefix)
    told = [SAID_ELSEWHERE.get(name, name) for name in names]
    service = (denial.event_source or denial.service or prefix).partition(".")[0].lower()
    return tuple(dict.fromkeys([*told, *(f"{name}20*" for name in told if service in DATED)]))


def _operations(action: str | None, prefix: str) -> tuple[str, ...]:
    """Give the operation of an action's own name, where the API has one: what has none is refused behind another call."""
    name = (action or "").partition(":")[2]
    if not name or action is None:
        return ()
    return (name,) if catalog.operations(name, prefix) else ()


def _source(denial: Denial) -> str | None:
    """Give the event source of the service, which is the endpoint's name: its prefix for nearly all.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventSource)
    """
    prefix = (denial.action or "").partition(":")[0].lower()
    hidden = bool(denial.operation) and denial.action not in catalog.actions_for(denial.operation or "", denial.service)
    prefix = (denial.service or "").lower() if hidden else prefix
    renamed = {"cloudwatch": "monitoring", "tag": "tagging", "mobiletargeting": "pinpoint", "mq": "amazonmq"}
    prefix = renamed.get(prefix, prefix)
    return f"{prefix}.amazonaws.com" if re.fullmatch(r"[a-z0-9-]+", prefix) else None


def _said_action(denial: Denial) -> str | None:
    """Give the action as the sentence spells it: services differ in case."""
    text = denial.message or denial.text or ""
    at = text.lower().find((denial.action or "\0").lower())
    return text[at : at + len(denial.action or "")] if at >= 0 else None


def _caller(denial: Denial) -> Iterator[Clause]:
    if not denial.principal:
        return
    who = Principal.parse(denial.principal)
    match who.kind:
        case "role" | "role_session":
            role = (who.name or "").rpartition("/")[2]  # the ARN of a session has no path
            yield Clause("userIdentity.arn", "=", (f"arn:{who.partition}:sts::{who.account}:assumed-role/{role}/*",))
        case "user" | "federated_user":
            yield Clause("userIdentity.arn", "=", (who.text,))
        case "root":
            yield Clause("userIdentity.arn", "=", (f"arn:{who.partition}:iam::{who.account}:root",))
        case "unique_id":
            yield Clause("userIdentity.principalId", "=", (f"{who.name}*",))
        case "service":
            yield Clause("userIdentity.invokedBy", "=", (who.text,))
        case "anonymous":
            yield Clause("userIdentity.accountId", "=", ("anonymous",))
        case "web_identity":
            yield Clause("userIdentity.type", "=", ("WebIdentityUser",))
        case "saml":
            yield Clause("userIdentity.type", "=", ("SAMLUser",))
        case "oai" | "unknown":
            return


def _services(denial: Denial) -> Iterator[Clause]:
    """Leave out what AWS services call by themselves; where such a call is the one that was refused, count only that service's."""
    if denial.principal and Principal.parse(denial.principal).kind == "service":
        return
    if denial.invoked_by:
        yield Clause("userIdentity.invokedBy", "=", (denial.invoked_by,))
        return
    yield Clause("userIdentity.invokedBy", "not exists")
    yield Clause("sourceIPAddress", "!=", SERVICES)


def _notes(denial: Denial, clauses: tuple[Clause, ...]) -> Iterator[str]:
    fields = {clause.field for clause in clauses}
    if not any(field.startswith("userIdentity.") for field in fields - {"userIdentity.invokedBy"}) and not denial.invoked_by:
        yield "the text does not say who called, so the calls of everyone count: name the caller with --principal"
    if not fields & {"eventName", "errorMessage"}:
        yield "the text does not say which call was refused, so all of them count: name it with --action"
    prefix = (denial.action or "").partition(":")[0].lower()
    pattern = DATA_EVENTS.get(prefix)
    if pattern and re.search(pattern, (denial.operation or denial.action or "").lower()):
        yield f"a trail holds {denial.action} only where data events of {prefix} are switched on"
    if denial.operation and (denial.error_code or "").startswith("Vpce"):
        yield "what a VPC endpoint refuses is in a trail only where network activity events are switched on"
