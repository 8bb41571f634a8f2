"""The demo's stories, one a file: each seeds its own corner of a lab and makes one call that is denied.

A file gives `TITLE`, `TEXT` (what is expected, for people) and `seed(lab) -> Story`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec

from undeny import dropins

if TYPE_CHECKING:
    from undeny.lab.server import Lab

__all__ = ["Story", "World", "load_all"]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One denial to be explained, mended and proved.

    `call` makes the call through boto3 and raises botocore's `ClientError` while it is denied; `code` is that call as a person would
    write it. `principal` is the caller, `account` its account. `readers` and `owners` are environments (`AWS_*`) by account: of
    someone who may read the policies there, and of someone who may change them. The caller's account comes first. `mended` is the
    call as it should have been made, `mended_code` as written, both `None` where it is the policies that have to change.
    """

    title: str
    text: str
    code: str
    principal: str
    resource: str
    account: str
    region: str
    call: Callable[[], Any]
    readers: Mapping[str, Mapping[str, str]]
    owners: Mapping[str, Mapping[str, str]]
    mended: Callable[[], Any] | None = None
    mended_code: str | None = None

    @property
    def reader(self) -> Mapping[str, str]:
        """The environment of the reader in the caller's account."""
        return self.readers[self.account]


class World(Protocol):
    """What a file of this folder gives."""

    TITLE: str
    TEXT: str

    def seed(self, lab: "Lab") -> Story:
        """Furnish a corner of the lab; gives the story that plays there."""
        ...


def load_all() -> Iterator[World]:
    """Give the stories in the order of their files."""
    return (cast("World", module) for module in dropins.load_all(__name__))
