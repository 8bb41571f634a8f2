"""Systems Manager: parameters by name, and the key of a SecureString."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls._place import Place, dig, folded
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html"
KEY_SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"
CONTEXT = {"overwrite": "ssm:Overwrite", "recursive": "ssm:Recursive", "policies": "ssm:Policies"}
TAGGED = {"ssm:PutParameter": "ssm:AddTagsToResource"}
PASSES = {
    "ssm:CreateAssociation": (("automationTargetParameterName", "parameters.AutomationAssumeRole"), "ssm.amazonaws.com"),
    "ssm:StartAutomationExecution": (("parameters.AutomationAssumeRole",), "ssm.amazonaws.com"),
    "ssm:SendCommand": (("serviceRoleArn",), "ssm.amazonaws.com"),
    "ssm:RegisterTaskWithMaintenanceWindow": (("serviceRoleArn",), "ssm.amazonaws.com"),
    "ssm:CreateActivation": (("iamRole",), "ssm.amazonaws.com"),
    "ssm:CreateResourceDataSync": (("roleArn",), "ssm.amazonaws.com"),
}
READS = frozenset({"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"})


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Turn a parameter's name into its ARN, in which the first slash of a path is not doubled."""
    names = folded(parameters)
    name = names.get("name", names.get("path", next(dig(parameters, "names"), None)))
    if "Parameter" not in action or not isinstance(name, str) or place.region is None or place.account is None:
        return None
    return name if name.startswith("arn:") else f"arn:{place.partition}:ssm:{place.region}:{place.account}:parameter/{name.lstrip('/')}"


def others(call: Call) -> Iterator[Request]:
    """Give the read of each other parameter that the call names."""
    for name in dig(call.request.parameters, "names"):
        arn = resource(call.request.action, {"name": name}, call.place)
        if arn is not None and arn != call.request.resource:
            yield beside(call, call.request.action, arn, Reason("the call reads this parameter too", SOURCE))


def hidden(call: Call) -> Iterator[Request]:
    """Give the request to KMS behind a SecureString, where the parameter is known to be one or may be."""
    action = call.request.action
    if action == "ssm:GetParameters" and call.request.role == "main":
        yield from others(call)
    if action not in READS and action != "ssm:PutParameter":
        return
    kind, asked = call.fact("Type"), call.fact("WithDecryption")
    if (
        kind not in {None, "SecureString"}
        or asked is False
        or asked == "false"
        or (action == "ssm:PutParameter" and kind is None and call.request.parameters)
    ):
        return
    key = call.fact("KeyId")
    sure = kind == "SecureString"
    why = "Parameter Store decrypts the parameter for you" if action in READS else "Parameter Store encrypts the parameter for you"
    operation = "Decrypt" if action in READS else "GenerateDataKey" if call.fact("Tier") == "Advanced" else "Encrypt"
    context: dict[str, ContextValue] = {"kms:EncryptionContext:PARAMETER_ARN": call.request.resource}
    named = str(key) if key is not None else "alias/aws/ssm" if sure else None
    use = KeyUse(via="ssm", key=named, actions=(operation,), context=context)
    yield from kms(call, use, Reason(why if sure else f"{why}, if it is a SecureString", KEY_SOURCE, sure))
