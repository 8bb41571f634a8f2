"""What a fix asks of a request: its context without case, the principal as policies name it, the conditions that narrow a grant."""

from typing import Any

from undeny import catalog
from undeny.calls.model import ContextValue, Request
from undeny.fix.documents import Json
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

WITHOUT_POLICIES = frozenset({"service", "anonymous", "web_identity", "saml", "oai"})
"""Kinds of caller that have no identity side."""


def value(request: Request, key: str) -> ContextValue:
    """Give the value of a context key, compared without case; `None` where it is absent."""
    return next((v for k, v in request.context.items() if k.lower() == key.lower()), None)


def text(request: Request, key: str) -> str | None:
    """Give the value of a single-valued key, `None` where it is absent or holds several."""
    found = value(request, key)
    return found if isinstance(found, str) else None


def unknown(request: Request, key: str) -> bool:
    """Whether nobody knows the key's value."""
    return key.lower() in {k.lower() for k in request.unknown_keys}


def guessed(request: Request) -> bool:
    """Whether nobody said on what the request was, or what it was: no statement can then name it."""
    return bool({"resource", "action"} & set(request.unknown_keys))


def caller(request: Request) -> Principal:
    """Give the caller; `unknown` where nobody said who it was."""
    return Principal.parse(request.principal or "")


def holder_of_policies(request: Request) -> str:
    """Give the ARN to which the caller's identity policies are attached: the role of a session, the user itself."""
    return caller(request).role_arn or request.principal or ""


def in_policies(request: Request) -> str:
    """Give the caller as prose names it."""
    who = caller(request)
    kinds = {"role_session": "role", "oai": "origin access identity", "web_identity": "identity provider", "saml": "identity provider"}
    kind = kinds.get(who.kind, who.kind)
    if who.kind == "root":
        return f"the root user of {who.account}"
    return f"{kind} {who.name}" if who.name else (request.principal or "the caller")


_NOUNS = {"sqs": "queue", "sns": "topic"}


def short(resource: str) -> str:
    """Give a resource as a title names it: `key 1234abcd…`, `queue orders`, `logs/2026/app.json`; its whole ARN stands in the change.

    >>> short("arn:aws:sqs:eu-west-1:111122223333:orders")
    'queue orders'
    """
    arn = Arn.parse(resource)
    if arn is None or not arn.resource:
        return resource
    if arn.service_prefix == "kms" and arn.resource_type == "key" and len(arn.resource_id) > 12:
        return f"key {arn.resource_id[:8]}…"
    if arn.service_prefix in _NOUNS:
        return f"{_NOUNS[arn.service_prefix]} {arn.resource}"
    if arn.service_prefix == "s3" and not arn.account and "/" not in arn.resource:
        return f"bucket {arn.resource}"
    if arn.resource_type in ("role", "user", "function", "secret", "table", "policy", "repository"):
        return f"{arn.resource_type} {arn.resource_id}"
    return arn.resource


def principal_element(request: Request, holder: str | None = None) -> Any:
    """Give the smallest `Principal` of a resource policy that names the caller: the role, never its account.

    `holder` is the role's ARN with its path, which the ARN of a session does not hold.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    who = caller(request)
    match who.kind:
        case "service":
            return {"Service": who.text}
        case "web_identity" | "saml":
            return {"Federated": who.text}
        case "anonymous":
            return "*"
        case "user" | "role" | "role_session" | "federated_user" | "root" | "oai" | "unique_id" | "unknown":
            return {"AWS": (holder if who.role_arn else None) or who.role_arn or who.text}


def exact(request: Request) -> str:
    """Give the `Resource` of a statement for this request alone: its own, `*` only where the action knows no resources."""
    action = catalog.action(request.action)
    if action is not None and not action.resources:
        return "*"
    return literal(request.resource)


def made_up(request: Request) -> tuple[str, str] | None:
    """Give the pattern that goes on fitting where the next call is on a thing of another name, and why; `None` where names stay.

    Log streams: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    Logs that a service writes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    Image layers in buckets of AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    """
    action, arn = request.action.lower(), Arn.parse(request.resource)
    group, stream, _ = request.resource.partition(":log-stream:")
    if stream and action.startswith("logs:"):
        return f"{literal(group)}:*", "log streams are named as they are made"
    if arn is None or arn.service_prefix != "s3" or arn.account or "/" not in arn.resource:
        return None
    if action == "s3:putobject" and caller(request).kind == "service":
        folder = request.resource.rpartition("/")[0]
        before, logs, after = folder.partition("/AWSLogs/")
        return literal(
            f"{before}{logs}{after.partition('/')[0]}" if logs else folder
        ) + "/*", "a service names each log that it writes anew"
    if request.resource_account is None and value(request, "aws:SourceVpce") is not None:
        return f"arn:{arn.partition}:s3:::{arn.bucket}/*", "what AWS keeps in a bucket of its own has many names"
    return None


def literal(resource: str) -> str:
    """Write a resource so that no part of it reads as a policy variable: `${` becomes `${$}{`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    """
    return resource.replace("${", "${$}{")


def narrowing(request: Request) -> Json:
    """Give the conditions that hold a grant to what this call is: the service that a role is passed to, the service in between.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    action = request.action.lower()
    found: Json = {}
    if action == "iam:passrole" and (service := text(request, "iam:PassedToService")):
        found["StringEquals"] = {"iam:PassedToService": service}
    if action == "iam:createservicelinkedrole" and (service := linked_service(request)):
        found["StringEquals"] = {"iam:AWSServiceName": service}
    if action.startswith("kms:"):
        if via := text(request, "kms:ViaService"):
            found["StringEquals"] = {"kms:ViaService": via}
        if caller(request).kind == "service":
            found |= _encryption_context(request)
        if action == "kms:creategrant" and text(request, "kms:GrantIsForAWSResource") == "true":
            found["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return found


def _encryption_context(request: Request) -> Json:
    """Hold a service's use of a key to what it encrypts: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html."""
    held = {k: v for k, v in request.context.items() if k.lower().startswith("kms:encryptioncontext:") and isinstance(v, str)}
    return {"StringEquals": held} if held else {}


def of_service_keys(request: Request) -> Json:
    """Give conditions on the service's own keys that this call carries: what a grant to everyone is held to at least.

    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    prefix = request.action.partition(":")[0].lower()
    held = {k: v for k, v in request.context.items() if k.lower().startswith(f"{prefix}:") and isinstance(v, str)}
    booleans = {k: v for k, v in held.items() if v in ("true", "false")}
    texts = {k: v for k, v in held.items() if k not in booleans}
    return {name: block for name, block in (("StringEquals", texts), ("Bool", booleans)) if block}


def linked_service(request: Request) -> str | None:
    """Give the service of a service-linked role: from the context, else from the role's path."""
    told = text(request, "iam:AWSServiceName")
    arn = Arn.parse(request.resource)
    if told or arn is None or not arn.resource.startswith("role/aws-service-role/"):
        return told
    return arn.resource.split("/")[2]


def of_source(request: Request) -> Json:
    """Give the conditions that hold a grant to a service principal to the thing and account it acts for, as far as the call says.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    found: Json = {}
    if source := text(request, "aws:SourceArn"):
        found["ArnLike"] = {"aws:SourceArn": source}
    if account := text(request, "aws:SourceAccount"):
        found["StringEquals"] = {"aws:SourceAccount": account}
    return found


def merged(*blocks: Json) -> Json:
    """Give one condition block of several; the same key under the same operator, in whatever case, is taken from the last."""
    out: Json = {}
    for block in blocks:
        for operator, keys in block.items():
            same = next((o for o in out if o.lower() == operator.lower()), operator)
            named = {key.lower() for key in keys}
            out[same] = {k: v for k, v in out.get(same, {}).items() if k.lower() not in named} | dict(keys)
    return out
