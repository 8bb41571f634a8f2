"""Which KMS keys the facts of a thing name, by ARN, id or alias."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.iam.arn import Arn


def plain(value: Any) -> Any:
    """Give an answer's value as JSON has it: times as ISO 8601 text."""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items() if key != "ResponseMetadata"}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def named_keys(settings: Mapping[str, Any], partition: str, region: str, account: str) -> tuple[str, ...]:
    """Give the ARNs of the keys (or aliases) that settings name, wherever a field's name says it is a KMS key.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
    """
    found = (key_arn(text, partition, region, account) for text in _texts(settings))
    return tuple(dict.fromkeys(found))


def key_arn(text: str, partition: str, region: str, account: str) -> str:
    """Write a key's ARN, id or alias as an ARN."""
    if Arn.parse(text) is not None:
        return text
    resource = text if text.startswith(("alias/", "key/")) else f"key/{text}"
    return str(Arn(partition=partition, service_prefix="kms", region=region, account=account, resource=resource))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    if isinstance(value, Mapping):
        for name, inner in value.items():
            lower = name.lower()
            if isinstance(inner, str) and inner and "kms" in lower and "key" in lower and "type" not in lower:
                yield inner
            else:
                yield from _texts(inner)
