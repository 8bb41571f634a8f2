"""Secrets Manager: a secret's policy and its key. The secret itself is never read."""

from collections.abc import Iterator

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "secretsmanager"
_API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_"
PERMISSIONS = {
    "secretsmanager:GetResourcePolicy": ("the secret's policy", f"{_API}GetResourcePolicy.html"),
    "secretsmanager:DescribeSecret": ("the secret's key and whether it is being deleted", f"{_API}DescribeSecret.html"),
}
ACCOUNT_PERMISSIONS = {
    "secretsmanager:ListSecrets": ("the account's secrets", f"{_API}ListSecrets.html"),
}
_KEPT = ("Name", "KmsKeyId", "OwningService", "PrimaryRegion", "Tags")
_NONE = ("ResourceNotFoundException",)


def thing(arn: Arn) -> str | None:
    """Give the secret."""
    return str(arn) if arn.resource_type == "secret" and "*" not in arn.resource else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a secret's policy and facts."""
    text, region = str(arn), arn.region
    found = reader.call(
        "secretsmanager",
        "describe_secret",
        action="secretsmanager:DescribeSecret",
        what=f"key of {text}",
        none=_NONE,
        region=region,
        SecretId=text,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    settings = {key: found[key] for key in _KEPT if found.get(key) is not None} if isinstance(found, dict) else {}
    what, action = f"resource policy of {text}", "secretsmanager:GetResourcePolicy"
    answer = reader.call("secretsmanager", "get_resource_policy", action=action, what=what, none=_NONE, region=region, SecretId=text)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer, settings=settings, exists=True if settings else None)
    policy = reader.policy("secret policy", answer["ResourcePolicy"], attached_to=text) if answer and answer.get("ResourcePolicy") else None
    return Resource(arn=text, policy=policy, settings=settings, exists=True if settings else None)


def keys(resource: Resource) -> tuple[str, ...]:
    """Give the AWS managed key where the secret names none.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    named = "KmsKeyId" in resource.settings or not resource.settings
    return () if named else ("alias/aws/secretsmanager",)


def every(reader: Reader) -> Iterator[Arn]:
    """List the secrets of the reader's account and Region."""
    answer = reader.call("secretsmanager", "list_secrets", action="secretsmanager:ListSecrets", what="the account's secrets")
    for one in answer.get("SecretList", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(one["ARN"])
        if arn is not None:
            yield arn
