"""What a collector gives for the caller's side."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.evidence.model import PolicySet


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that a role or user has, its own ARN with its path, and its facts under AWS's field names."""

    arn: str | None
    identity: PolicySet
    boundary: PolicySet
    settings: Mapping[str, Any] = {}
