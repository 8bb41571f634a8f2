"""What AWS has: actions, the resource types they work on, and the condition keys they know."""

from collections.abc import Mapping
from typing import Literal

import msgspec

AccessLevel = Literal["List", "Read", "Write", "Permissions management", "Tagging"]


class ResourceType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of thing in a service: `arn` is AWS's template (`arn:${Partition}:s3:::${BucketName}`)."""

    prefix: str
    name: str
    arn: str
    condition_keys: tuple[str, ...] = ()


class ConditionKey(msgspec.Struct, frozen=True, kw_only=True):
    """A condition key: its value type as AWS names it, whether a request can hold several values of it.

    `principals` tells of a global key which calls carry it, in words; `None` where all do or nobody says; `absent_for` are the kinds
    of caller (`iam.principal.Principal.kind`) that never do. `source` is AWS's page for a global key.
    """

    name: str
    type: str
    multivalued: bool = False
    principals: str | None = None
    absent_for: tuple[str, ...] = ()
    source: str | None = None


class ActionResource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource type that an action works on, with the condition keys that count only there."""

    name: str
    required: bool
    condition_keys: tuple[str, ...] = ()


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An IAM action by its canonical name (`s3:GetObject`). `access_levels` may be several since July 2026.

    `dependent` are the actions that AWS's reference listed as also needed for it (as of `catalog.DEPENDENT_AS_OF`; no later list
    exists, so an empty one in newer data means nothing). `permission_only`: no API operation has that name (same date).
    """

    name: str
    access_levels: tuple[str, ...]
    resources: tuple[ActionResource, ...] = ()
    condition_keys: tuple[str, ...] = ()
    dependent: tuple[str, ...] = ()
    permission_only: bool = False

    @property
    def prefix(self) -> str:
        """The service prefix (`s3`)."""
        return self.name.partition(":")[0]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service by its prefix; the mappings are keyed by lower-case names without the prefix (condition keys with it)."""

    prefix: str
    name: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]
    condition_keys: Mapping[str, ConditionKey]


class RcpServices(msgspec.Struct, frozen=True, kw_only=True):
    """The services whose resources an RCP reaches. The list grows and shrinks: say `as_of` wherever it decides."""

    prefixes: frozenset[str]
    as_of: str


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """An API operation of one SDK service with the actions that it may need, the one of its own first.

    `actions` is empty where IAM does not decide it, `None` where no catalogued action is known for it. `xml`: the service answers in
    XML, with error codes like `AccessDenied`; the others say `AccessDeniedException`.
    """

    sdk: str
    prefix: str
    name: str
    actions: tuple[str, ...] | None
    xml: bool = False
