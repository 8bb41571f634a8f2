"""KMS: a key's policy, its grants and its state."""

from collections.abc import Iterator
from typing import Any

from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Policy, Resource
from undeny.iam.arn import Arn

SERVICE = "kms"
_API = "https://docs.aws.amazon.com/kms/latest/APIReference/API_"
PERMISSIONS = {
    "kms:DescribeKey": ("the key behind an alias, its state and whether AWS manages it", f"{_API}DescribeKey.html"),
    "kms:GetKeyPolicy": ("the key's policy", f"{_API}GetKeyPolicy.html"),
    "kms:ListGrants": ("the key's grants", f"{_API}ListGrants.html"),
}
ACCOUNT_PERMISSIONS = {
    "kms:ListKeys": ("the account's keys", f"{_API}ListKeys.html"),
}
_KEPT = ("KeyId", "KeyState", "KeyManager", "KeyUsage", "Origin", "MultiRegion", "Enabled")
_NONE = ("NotFoundException",)


def thing(arn: Arn) -> str | None:
    """Give the key or alias that an ARN names."""
    return str(arn) if arn.resource_type in ("key", "alias") and arn.name != "*" else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a key, by its own ARN or an alias's: it then stands under the key's ARN and names the alias, as requests do."""
    text, region = str(arn), arn.region
    found = reader.call("kms", "describe_key", action="kms:DescribeKey", what=f"state of {text}", none=_NONE, region=region, KeyId=text)
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    metadata: dict[str, Any] = found["KeyMetadata"] if isinstance(found, dict) else {}
    key = metadata.get("Arn", text)
    settings = {name: metadata[name] for name in _KEPT if name in metadata}
    if arn.resource_type == "alias":
        if not metadata:
            missing = Gap(what=f"resource policy of {text}", why="the key behind it is not known", permission="kms:DescribeKey")
            return Resource(arn=text, policy=missing)
        settings["AliasName"] = arn.resource
    settings |= _grants(reader, key, region)
    return Resource(arn=key, policy=_policy(reader, key, region), settings=settings, exists=True if metadata else None)


def _policy(reader: Reader, key: str, region: str) -> Policy | Gap | None:
    answer = reader.call(
        "kms",
        "get_key_policy",
        action="kms:GetKeyPolicy",
        what=f"resource policy of {key}",
        none=_NONE,
        region=region,
        KeyId=key,
        PolicyName="default",
    )
    return reader.policy("key policy", answer["Policy"], attached_to=key) if isinstance(answer, dict) else answer


def _grants(reader: Reader, key: str, region: str) -> dict[str, Any]:
    answer = reader.call("kms", "list_grants", action="kms:ListGrants", what=f"grants of {key}", none=_NONE, region=region, KeyId=key)
    if not isinstance(answer, dict):
        return {}
    return {"Grants": plain(answer.get("Grants", ()))}


def every(reader: Reader) -> Iterator[Arn]:
    """List the keys of the reader's account and Region."""
    answer = reader.call("kms", "list_keys", action="kms:ListKeys", what="the account's keys")
    for one in answer.get("Keys", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(one["KeyArn"])
        if arn is not None:
            yield arn
