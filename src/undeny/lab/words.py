"""How AWS says no: the sentence, the code and the status, by service and protocol.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from typing import Any

from undeny import dropins
from undeny.lab.model import Call, Fault, Refusal

LAYERS = {
    "rcp": "resource control policy",
    "scp": "service control policy",
    "endpoint": "VPC endpoint policy",
    "resource": "resource-based policy",
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scope_down": "session policy",
}


def fault(call: Call, refusal: Refusal) -> Fault:
    """Say a refusal as the service does; a service with words of its own has them in its drop-in."""
    own = None
    if call.service in dropins.names("undeny.lab.services"):
        own = getattr(dropins.load("undeny.lab.services", call.service), "words", None)
    return own(call, refusal) if own else standard(call, sentence(call, refusal), refusal)


def standard(call: Call, message: str, refusal: Refusal) -> Fault:
    """Give the code and status of the protocol: JSON services answer 400, REST and query ones 403."""
    code = "AccessDeniedException" if call.protocol in {"json", "rest-json"} else "AccessDenied"
    status = 400 if call.protocol == "json" else 403
    return Fault(code=code, status=status, message=message, event_code="AccessDenied", refusal=refusal)


def sentence(call: Call, refusal: Refusal, *, action: str | None = None, resource: str | None = None) -> str:
    """Give the whole sentence; `action` and `resource` where the service spells them in its own way."""
    asked = refusal.asked
    action = action or asked.action
    where = resource or asked.label or asked.resource
    who = "anonymous" if call.caller.kind == "anonymous" else call.caller.arn
    return f"User: {who} is not authorized to perform: {action} on resource: {where} {reason(refusal, action)}"


def reason(refusal: Refusal, action: str) -> str:
    """Give the half sentence that names the layer, and the policy where AWS tells its ARN."""
    layer = LAYERS[refusal.layer]
    if not refusal.explicit:
        return f"because no {layer} allows the {action} action"
    article = "an" if layer[0] in "aeiou" else "a"
    told = f": {refusal.policy_arn}" if refusal.policy_arn else ""
    return f"with an explicit deny in {article} {layer}{told}"


def unknown_key(signing_name: str) -> Fault:
    """Say that nobody has this key, or that its token is another's.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-keys.html
    """
    if signing_name == "s3":
        return Fault(code="InvalidAccessKeyId", status=403, message="The AWS Access Key Id you provided does not exist in our records.")
    if signing_name == "ec2":
        return Fault(code="AuthFailure", status=401, message="AWS was not able to validate the provided access credentials")
    code = "InvalidClientTokenId" if signing_name in {"iam", "sts", "sns"} else "UnrecognizedClientException"
    return Fault(
        code=code, status=403 if code == "InvalidClientTokenId" else 400, message="The security token included in the request is invalid."
    )


def unsigned(protocol: str) -> Fault:
    """Say that a request has no signature.

    https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
    """
    if protocol == "json":
        return Fault(code="MissingAuthenticationTokenException", status=400, message="Missing Authentication Token")
    return Fault(code="MissingAuthenticationToken", status=403, message="Request is missing Authentication Token")


def expired(signing_name: str) -> Fault:
    """Say that the session has run out."""
    code = "ExpiredToken" if signing_name in {"s3", "iam", "sts", "sns"} else "ExpiredTokenException"
    status = 403 if code == "ExpiredToken" and signing_name != "s3" else 400
    message = "The provided token has expired." if signing_name == "s3" else "The security token included in the request is expired"
    return Fault(code=code, status=status, message=message)


def decoded(call: Call, refusal: Refusal) -> dict[str, Any]:
    """Give what an encoded authorization message holds.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
    """
    context = refusal.scenario["request"]["context"]
    keys = [{"key": key, "values": {"items": [{"value": v} for v in _listed(value)]}} for key, value in context.items()]
    principal = {"id": call.caller.unique_id, "name": call.caller.name, "arn": call.caller.arn}
    told = {"principal": principal, "action": refusal.asked.action, "resource": refusal.asked.resource, "conditions": {"items": keys}}
    return {
        "allowed": False,
        "explicitDeny": refusal.explicit,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": told,
    }


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
