"""Amazon Resource Names, taken apart in one place."""

from functools import lru_cache
from typing import Self

import msgspec


class Arn(msgspec.Struct, frozen=True, kw_only=True):
    """The six parts of an ARN; `region` and `account` may be empty, `resource` keeps its own colons and slashes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: str
    service_prefix: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read an ARN or an ARN pattern; `None` for anything without its six parts.

        >>> Arn.parse("arn:aws:sns:eu-west-1:111122223333:topic").resource
        'topic'
        """
        parts = split(text)
        if parts is None:
            return None
        _, partition, prefix, region, account, resource = parts
        return cls(partition=partition, service_prefix=prefix, region=region, account=account, resource=resource)

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service_prefix}:{self.region}:{self.account}:{self.resource}"

    @property
    def resource_type(self) -> str:
        """What stands before the first `/` or `:` of the resource part (`role` of `role/team/App`); empty where there is neither."""
        return _halves(self.resource)[0]

    @property
    def resource_id(self) -> str:
        """What stands after the first `/` or `:` of the resource part; the whole part where there is neither."""
        return _halves(self.resource)[1]

    @property
    def name(self) -> str:
        """The last piece of the resource part: the name of an IAM thing without its path."""
        return self.resource.rpartition("/")[2]

    @property
    def bucket(self) -> str:
        """The part before the first `/`: a bucket's name in an S3 ARN without account."""
        return self.resource.partition("/")[0]


def split(text: str) -> tuple[str, str, str, str, str, str] | None:
    """Split at the first five colons; `None` where there are fewer or the text does not begin with `arn:`."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return None
    return parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]


@lru_cache(maxsize=4096)
def parse(text: str) -> Arn | None:
    """Read an ARN as `Arn.parse` does, remembering the last few thousand."""
    return Arn.parse(text)


def _halves(resource: str) -> tuple[str, str]:
    found = [at for at in (resource.find("/"), resource.find(":")) if at >= 0]
    return (resource[: min(found)], resource[min(found) + 1 :]) if found else ("", resource)
