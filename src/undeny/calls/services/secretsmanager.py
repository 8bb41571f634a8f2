"""Secrets Manager: secrets by name, and the secret's KMS key."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call, Reason, beside, by_service
from undeny.calls._place import Place, dig, folded
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html"
ROTATION = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html"
CONTEXT = {
    "name": "secretsmanager:Name",
    "secretId": "secretsmanager:SecretId",
    "versionId": "secretsmanager:VersionId",
    "versionStage": "secretsmanager:VersionStage",
    "kmsKeyId": "secretsmanager:KmsKeyArn",
    "rotationLambdaARN": "secretsmanager:RotationLambdaARN",
    "recoveryWindowInDays": "secretsmanager:RecoveryWindowInDays",
    "forceDeleteWithoutRecovery": "secretsmanager:ForceDeleteWithoutRecovery",
    "blockPublicPolicy": "secretsmanager:BlockPublicPolicy",
}
TAGGED = {"secretsmanager:CreateSecret": "secretsmanager:TagResource"}
KEYS = {
    "secretsmanager:GetSecretValue": ("Decrypt",),
    "secretsmanager:CreateSecret": ("GenerateDataKey", "Decrypt"),
    "secretsmanager:PutSecretValue": ("GenerateDataKey", "Decrypt"),
    "secretsmanager:UpdateSecret": ("GenerateDataKey", "Decrypt"),
}
KEY_WHY = "Secrets Manager encrypts and decrypts the secret with its key"
KEY_DEFAULT = "alias/aws/secretsmanager"
KEY_CONTEXT = "kms:EncryptionContext:SecretARN"
KEY_SOURCE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Turn a secret's name into its ARN, which ends in six characters that only AWS knows: `??????`."""
    del action
    names = folded(parameters)
    name = names.get("secretid", names.get("name"))
    if not isinstance(name, str) or place.region is None or place.account is None:
        return None
    return name if name.startswith("arn:") else f"arn:{place.partition}:secretsmanager:{place.region}:{place.account}:secret:{name}-??????"


def hidden(call: Call) -> Iterator[Request]:
    """Give the single reads of a batch, and a rotation function's two doors: the caller's and Secrets Manager's own."""
    if call.request.action == "secretsmanager:BatchGetSecretValue":
        named = [resource("", {"secretId": text}, call.place) for text in dig(call.request.parameters, "secretIdList")]
        for arn in named or [None]:
            yield beside(call, "secretsmanager:GetSecretValue", arn, Reason("a batch reads each secret", SOURCE, bool(named)))
    function = call.fact("RotationLambdaARN")
    if call.request.action != "secretsmanager:RotateSecret" or not isinstance(function, str):
        return
    reason = Reason("rotation begins with a call of the function", ROTATION)
    yield beside(call, "lambda:InvokeFunction", function, reason)
    context: dict[str, ContextValue] = {"aws:SourceArn": call.request.resource}
    if call.request.resource_account is not None:
        context["aws:SourceAccount"] = call.request.resource_account
    own = Reason("Secrets Manager tests whether it may invoke the function", ROTATION)
    yield by_service("secretsmanager.amazonaws.com", beside(call, "lambda:InvokeFunction", function, own), context)
