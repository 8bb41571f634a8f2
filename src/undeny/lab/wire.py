"""HTTP in and out: which operation a request is, with which parameters, and answers in the protocol of its service.

moto's routers, parsers and serializers do the work; they follow the service models that botocore ships.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import NotFound, get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model

from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Call, Fault, Reply

SDK_NAMES = {
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
    "email": "ses",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
    "servicequotas": "service-quotas",
    "access-analyzer": "accessanalyzer",
    "execute-api": "apigatewaymanagementapi",
    "sso": "sso-admin",
    "es": "opensearch",
    "aws-marketplace": "marketplacecommerceanalytics",
}
"""Signing names that are not the SDK's name of the service."""
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_UNSIGNED = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature says: key id, Region and signing name, and the token that came with it."""

    access_key: str | None
    region: str
    signing_name: str
    token: str | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The operation that a request means."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    protocol: str


def signed(request: Request) -> Signed:
    """Read the signature's scope from header or query; an unsigned request is STS with a token, or S3."""
    credential = unquote(request.args.get("X-Amz-Credential", ""))
    found = _CREDENTIAL.search(request.headers.get("Authorization") or f"Credential={credential}")
    token = request.headers.get("X-Amz-Security-Token") or request.args.get("X-Amz-Security-Token")
    if found:
        return Signed(access_key=found[1], region=found[2], signing_name=found[3], token=token)
    name = "sts" if request.values.get("Action") in _UNSIGNED else "s3"
    return Signed(access_key=None, region="us-east-1", signing_name=name)


def needs_signature(request: Request, signature: Signed) -> bool:
    """Whether a request without a signature is one that must have it: all but S3's, and those that bring a token."""
    named = request.headers.get("X-Amz-Target") or request.values.get("Action")
    return signature.access_key is None and bool(named) and named not in _UNSIGNED


def target(request: Request, signing_name: str) -> Target:
    """Find the operation and its parameters; raises `UnanswerableError` where no model has it."""
    service = _sdk_name(request, signing_name)
    try:
        model = get_service_model(service)
        operation, labels = get_service_router(service).match(request)
        protocol = determine_request_protocol(model, request.content_type)
    except (UnknownServiceError, NotImplementedError, NotFound) as error:
        wanted = request.headers.get("X-Amz-Target") or request.values.get("Action") or f"{request.method} {request.path}"
        raise UnanswerableError(f"the lab knows no operation `{wanted}` of `{service}`") from error
    parameters = _parameters(request, operation, protocol, labels)
    return Target(service=service, operation=str(operation.name), parameters=parameters, protocol=protocol)


def _sdk_name(request: Request, signing_name: str) -> str:
    if signing_name == "s3" and request.path.startswith("/v20180820/"):
        return "s3control"
    if signing_name == "iam" and request.path.startswith("/authorization-details/"):
        return "iam-toolbox"
    if signing_name == "email" and request.path.startswith("/v2/"):
        return "sesv2"
    return SDK_NAMES.get(signing_name, signing_name)


def _parameters(request: Request, operation: OperationModel, protocol: str, labels: Mapping[str, Any]) -> Mapping[str, Any]:
    parser = PROTOCOL_PARSERS[protocol](operation)
    parsed: Mapping[str, Any] = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": labels,
        }
    )
    return parsed


def answer(call: Call, result: Mapping[str, Any]) -> Reply:
    """Say a result in the protocol of the call."""
    model = get_service_model(call.service).operation_model(call.operation)
    serializer = get_serializer_class(call.service, call.protocol)(operation_model=model, context=SerializationContext(call.request_id))
    made = serializer.serialize(result)
    body = made["body"]
    raw = body.encode() if isinstance(body, str) else body
    return Reply(
        status=made["status_code"], headers=dict(made["headers"]) | id_headers(call.service, call.request_id, call.host_id), body=raw
    )


def id_headers(service: str, request_id: str, host_id: str) -> dict[str, str]:
    """Give the headers that carry the request's id.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
    """
    if service == "s3":
        return {"x-amz-request-id": request_id, "x-amz-id-2": host_id}
    return {"x-amzn-RequestId": request_id}


def refuse(service: str, protocol: str, fault: Fault, request_id: str, host_id: str) -> Reply:
    """Say an error in the protocol of the service, as AWS writes it.

    https://smithy.io/2.0/aws/protocols/index.html
    """
    headers = id_headers(service, request_id, host_id)
    code, message = fault.code, fault.message
    if protocol in {"json", "rest-json"}:
        field = "Message" if service in {"lambda", "secretsmanager"} else "message"
        body = msgspec.json.encode({"__type": code, field: message})
        kind = "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"
        query = {"x-amzn-query-error": f"{fault.query_code or code.removesuffix('Exception')};Sender"} if service == "sqs" else {}
        return Reply(status=fault.status, headers=headers | query | {"Content-Type": kind, "x-amzn-ErrorType": code}, body=body)
    text = _xml(service, protocol, fault, (request_id, host_id))
    return Reply(status=fault.status, headers=headers | {"Content-Type": "text/xml"}, body=text.encode())


def _xml(service: str, protocol: str, fault: Fault, ids: tuple[str, str]) -> str:
    start, code, said = '<?xml version="1.0" encoding="UTF-8"?>\n', _escaped(fault.code), _escaped(fault.message)
    request_id, host_id = ids
    if service == "s3":
        both = f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId>"
        return f"{start}<Error><Code>{code}</Code><Message>{said}</Message>{both}</Error>"
    if protocol == "ec2":
        return (
            f"{start}<Response><Errors><Error><Code>{code}</Code><Message>{said}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
    namespace = get_service_model(service).metadata.get("xmlNamespace", "")
    spaced = f' xmlns="{namespace}"' if isinstance(namespace, str) and namespace else ""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{said}</Message></Error>"
    return f"<ErrorResponse{spaced}>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def fault_in(call: Call, reply: Reply) -> Fault:
    """Read the error that moto answered, for the trail."""
    text = reply.body.decode("utf-8", "replace")
    if call.protocol in {"json", "rest-json"}:
        try:
            told = msgspec.json.decode(reply.body)
        except msgspec.DecodeError:
            told = {}
        code = str(told.get("__type") or reply.headers.get("x-amzn-ErrorType") or reply.status).rpartition("#")[2]
        return Fault(code=code, status=reply.status, message=str(told.get("message") or told.get("Message") or ""))
    code, message = _between(text, "Code"), _between(text, "Message")
    return Fault(code=code or str(reply.status), status=reply.status, message=message)


def _between(text: str, tag: str) -> str:
    _, _, rest = text.partition(f"<{tag}>")
    return rest.partition(f"</{tag}>")[0]
