"""The one policy writer, and how long AWS thinks a policy is."""

import json
from collections.abc import Mapping
from typing import Any, Literal

PolicyKind = Literal["identity", "boundary", "session", "resource", "trust", "endpoint", "scp", "rcp"]


def dump(data: Any) -> str:
    """Write a policy: two spaces of indent, keys in their order."""
    return json.dumps(data, indent=2, ensure_ascii=False)


def minify(data: Any) -> str:
    """Write a policy without white space between its parts: the shortest text that is the same policy."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def size(data: Mapping[str, Any] | str, kind: str) -> int:
    """Count a policy's characters as AWS counts them for its kind (`identity`, `scp`, ...).

    IAM's own documents (identity policies, boundaries, trust policies) count without white space:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html. Every other kind counts all characters of the text as
    it is saved, white space too: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html. A mapping has no
    text yet and counts as `minify` writes it.
    """
    if not isinstance(data, str):
        return len(minify(data))
    if kind in {"identity", "boundary", "trust", "managed", "inline", "user", "group", "role"}:
        return sum(not character.isspace() for character in data)
    return len(data)
