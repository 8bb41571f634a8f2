"""Repeats a denied call where that changes nothing: a read, or a dry run."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from undeny import catalog
from undeny.aws.session import Session, client, failure, identity
from undeny.calls.model import Request
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_DENIED = (
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "403",
    "Forbidden",
)
_LET_THROUGH = (
    # answers that come only after the authorization; what is wrong with a parameter is often said before it
    "DryRunOperation",  # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
    "DryRunOperationException",  # https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
    "NoSuchKey",  # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 403 without s3:ListBucket
    "InvalidRange",
)
_READS = ("Read", "List")
_CLIENTS = {"states": "stepfunctions", "elasticloadbalancing": "elbv2", "es": "opensearch", "tag": "resourcegroupstaggingapi"}
Built = tuple[str, str, dict[str, Any]]


class Repeated(msgspec.Struct, frozen=True, kw_only=True):
    """What repeating a call came to. `text` is AWS's answer where it refused; `why` says why it was not repeated."""

    outcome: Literal["allowed", "denied", "not_repeated"]
    call: str | None = None
    text: str | None = None
    why: str | None = None
    dry: bool = False
    """Whether it was a dry run."""


def repeat(session: Session, request: Request) -> Repeated:
    """Repeat the call with the caller's own session, if it reads or can be run dry; else say why not.

    `session` must be the denied caller's: another's answer would prove nothing. What AWS answers only after the authorization (there is
    no such key, say) counts as allowed; any other failure says nothing.
    """
    me = identity(session).arn
    if not _same_caller(me, request.principal):
        return Repeated(outcome="not_repeated", why=f"these credentials are of {me}, and the call was made by {request.principal}")
    built = built_for(session, request)
    if built is None:
        return Repeated(outcome="not_repeated", why=f"{request.action} changes something, or its parameters are not known")
    service, operation, parameters = built
    made = client(session, service, region_of(request))
    found = _made(made, operation, parameters, f"{service}.{operation}")
    dry = parameters.get("DryRun") is True or parameters.get("InvocationType") == "DryRun"
    return msgspec.structs.replace(found, dry=dry)


def built_for(session: Session, request: Request) -> Built | None:
    """Give the call that repeats a request (client, method, parameters), `None` where none would leave everything as it is."""
    try:
        return _build(session, request)
    except (BotoCoreError, KeyError, ValueError):
        return None


def _made(made: Any, operation: str, parameters: Mapping[str, Any], name: str) -> Repeated:
    try:
        answer = getattr(made, operation)(**parameters)
    except ClientError as error:
        return _of_error(error, name)
    except BotoCoreError as error:
        raise failure(error) or error from error
    for body in ("Body", "Payload"):
        if hasattr(answer.get(body), "close"):
            answer[body].close()
    return Repeated(outcome="allowed", call=name)


def _of_error(error: ClientError, name: str) -> Repeated:
    told = failure(error)
    if told is not None:
        raise told from error
    outcome, code = outcome_of(error)
    if outcome == "denied":
        return Repeated(outcome="denied", call=name, text=str(error))
    if outcome == "allowed":
        return Repeated(outcome="allowed", call=name, text=f"AWS answered `{code}`, after letting the call through")
    return Repeated(outcome="not_repeated", call=name, why=f"AWS answered `{code}`, which says nothing of permissions")


def outcome_of(error: ClientError) -> tuple[Literal["allowed", "denied", "failed"], str]:
    """Give what AWS's error says of the permission, and its code: some answers come only after the authorization."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _DENIED or (status == 403 and code not in _LET_THROUGH):
        return "denied", code
    return ("allowed" if code in _LET_THROUGH else "failed"), code


def _same_caller(me: str, wanted: str | None) -> bool:
    if wanted is None:
        return False
    mine, theirs = Principal.parse(me), Principal.parse(wanted)
    if mine.kind == "role_session" and theirs.kind in ("role", "role_session"):
        return (mine.account, mine.name) == (theirs.account, (theirs.name or "").rpartition("/")[2])
    return me == wanted


def region_of(request: Request) -> str | None:
    """Give the Region that a call goes to, `None` where it does not say."""
    arn = Arn.parse(request.resource)
    told = next((value for key, value in request.context.items() if key.lower() == "aws:requestedregion"), None)
    return (arn.region if arn and arn.region else None) or (told if isinstance(told, str) else None)


def _build(session: Session, request: Request) -> Built | None:
    name = catalog.canonical(request.action)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(request)
    prefix, _, action = name.partition(":")
    service = _CLIENTS.get(prefix, prefix)
    if service not in session.get_available_services():
        return None
    made = client(session, service, region_of(request))
    operation = xform_name(action)
    if not hasattr(made, operation):
        return None
    shape = made.meta.service_model.operation_model(action).input_shape
    dry = shape is not None and "DryRun" in shape.members
    known = catalog.action(name)
    reads = known is not None and bool(known.access_levels) and all(level in _READS for level in known.access_levels)
    if not (dry or reads):
        return None
    parameters = _fitted(shape, request.parameters) if shape is not None else {}
    if shape is not None:
        parameters |= {key: value for key, value in _from_arn(shape, request.resource).items() if key not in parameters}
        if any(required not in parameters for required in shape.required_members) or not (parameters or reads):
            return None
    return service, operation, parameters | ({"DryRun": True} if dry else {})


def _fitted(shape: Any, given: Any) -> Any:
    """Write parameters as botocore spells them: events spell the same names in another case."""
    if shape.type_name == "structure" and isinstance(given, Mapping):
        folded = {name.lower(): name for name in shape.members}
        return {
            folded[key.lower()]: _fitted(shape.members[folded[key.lower()]], value)
            for key, value in given.items()
            if key.lower() in folded and value is not None
        }
    if shape.type_name == "list" and isinstance(given, list | tuple):
        return [_fitted(shape.member, value) for value in given]
    return given


def _from_arn(shape: Any, resource: str) -> dict[str, Any]:
    """Fill in what the ARN says: a parameter that takes an ARN or the thing's name, of those that the operation requires."""
    arn = Arn.parse(resource)
    if arn is None:
        return {}
    kind = arn.resource_type.replace("-", "").lower()
    out: dict[str, Any] = {}
    for name in shape.required_members:
        lower = name.lower()
        if lower.endswith("arn") or (lower.endswith("id") and arn.service_prefix in ("kms", "secretsmanager")):
            out[name] = resource
        elif kind and lower in (f"{kind}name", kind, "name"):
            out[name] = arn.name.rpartition(":")[2]
    return out


def _object(request: Request) -> Built | None:
    arn = Arn.parse(request.resource)
    if arn is None or arn.account or "/" not in arn.resource:
        return None
    bucket, _, key = arn.resource.partition("/")
    if not key or "*" in key:
        return None
    return "s3", "get_object", {"Bucket": bucket, "Key": key, "Range": "bytes=0-0"}


def _bucket(operation: str, **more: Any) -> Callable[[Request], Built | None]:
    def build(request: Request) -> Built | None:
        arn = Arn.parse(request.resource)
        return ("s3", operation, {"Bucket": arn.bucket, **more}) if arn and not arn.account and "*" not in arn.bucket else None

    return build


def _assume(request: Request) -> Built | None:
    """Assuming a role changes nothing: the session is thrown away."""
    if not request.resource.startswith("arn:"):
        return None
    given = {key.lower(): value for key, value in request.parameters.items()}
    parameters = {"RoleArn": request.resource, "RoleSessionName": given.get("rolesessionname", "undeny-verify"), "DurationSeconds": 900}
    if given.get("externalid"):
        parameters["ExternalId"] = given["externalid"]
    return "sts", "assume_role", parameters


def _queue(operation: str, **more: Any) -> Callable[[Request], Built | None]:
    def build(request: Request) -> Built | None:
        url = next((value for key, value in request.parameters.items() if key.lower() == "queueurl"), None)
        return ("sqs", operation, {"QueueUrl": url, **more}) if isinstance(url, str) else None

    return build


def _invoke(request: Request) -> Built | None:
    """Ask Lambda to check permission and parameters alone.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """
    return (
        ("lambda", "invoke", {"FunctionName": request.resource, "InvocationType": "DryRun"})
        if request.resource.startswith("arn:")
        else None
    )


_SPECIAL: Mapping[str, Callable[[Request], Built | None]] = {
    "s3:GetObject": _object,
    "s3:ListBucket": _bucket("list_objects_v2", MaxKeys=1),
    "s3:GetBucketPolicy": _bucket("get_bucket_policy"),
    "s3:GetBucketLocation": _bucket("get_bucket_location"),
    "s3:ListAllMyBuckets": lambda _: ("s3", "list_buckets", {}),
    "sts:AssumeRole": _assume,
    "sqs:GetQueueAttributes": _queue("get_queue_attributes", AttributeNames=["QueueArn"]),
    "lambda:InvokeFunction": _invoke,
    # a receive hides messages from others, and a count of calls is kept on them: it is no read
    "sqs:ReceiveMessage": lambda _: None,
}
