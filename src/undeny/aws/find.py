"""Where denials are looked for in AWS: event history, a page at a time, and trail files in S3, a chunk at a time.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.session import Session, client, failure
from undeny.errors import UndenyError

PAUSE = 0.5
"""Seconds between two pages: two requests a second are allowed in an account and Region."""
PAGE = 50
GLOBAL = {"aws": "us-east-1"}
"""The Region whose event history has the events of global services (IAM, STS's global endpoint, Organizations), by partition.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
"""
CHUNK = 1 << 20
_DENIED = ("AccessDenied", "AccessDeniedException", "403", "UnauthorizedOperation")
_DAY = re.compile(r"/(\d{4})/(?:(\d{2})/(?:(\d{2})/)?)?\Z")


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """What event history is asked: since when, and one attribute (it takes no second one, and none for errors)."""

    since: datetime
    until: datetime | None = None
    attribute: tuple[str, str] | None = None


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """An object of a listing."""

    key: str
    size: int


def regions(session: Session) -> tuple[str, ...]:
    """Give the Regions whose event history is asked: the session's own, and the one of global services."""
    own = session.region_name or "us-east-1"
    everywhere = GLOBAL.get(session.get_partition_for_region(own))
    return tuple(dict.fromkeys(region for region in (own, everywhere) if region))


def history(
    session: Session,
    region: str,
    lookup: Lookup,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[bytes]]:
    """Give the events of one Region, newest first, a page at a time. Raises `UndenyError` (exit 3) where AWS refuses or does not answer."""
    asked: dict[str, Any] = {"StartTime": lookup.since, "MaxResults": PAGE}
    if lookup.until is not None:
        asked["EndTime"] = lookup.until
    if lookup.attribute:
        asked["LookupAttributes"] = [{"AttributeKey": lookup.attribute[0], "AttributeValue": lookup.attribute[1]}]
    made = client(session, "cloudtrail", region)
    begin: float | None = None
    while True:
        if begin is not None:
            sleep(max(0.0, PAUSE - (clock() - begin)))
        begin = clock()
        page = _told(partial(made.lookup_events, **asked), f"event history in {region}", "cloudtrail:LookupEvents on *")
        yield [event["CloudTrailEvent"].encode() for event in page.get("Events", ()) if event.get("CloudTrailEvent")]
        if not page.get("NextToken"):
            return
        asked["NextToken"] = page["NextToken"]


def objects(session: Session, bucket: str, prefix: str, *, since: datetime | None = None) -> Iterator[Object]:
    """List the objects below a prefix; those last written before `since` are left out, and whole days before it are not listed."""
    made = client(session, "s3")
    below = [prefix]
    while below:
        at = below.pop()
        asked: dict[str, Any] = {"Bucket": bucket, "Prefix": at} | ({"Delimiter": "/"} if since else {})
        while True:
            page = _told(partial(made.list_objects_v2, **asked), f"s3://{bucket}/{at}", f"s3:ListBucket on arn:aws:s3:::{bucket}")
            for one in page.get("Contents", ()):
                if since is None or one["LastModified"] >= since:
                    yield Object(key=one["Key"], size=one["Size"])
            below.extend(p["Prefix"] for p in page.get("CommonPrefixes", ()) if since and not _day_before(p["Prefix"], since))
            if not page.get("IsTruncated"):
                break
            asked["ContinuationToken"] = page["NextContinuationToken"]


def chunks(session: Session, bucket: str, key: str) -> Iterator[bytes]:
    """Give an object's bytes. Raises `UndenyError` (exit 3) where it may not be read or the connection breaks."""
    name, needs = f"s3://{bucket}/{key}", f"s3:GetObject on arn:aws:s3:::{bucket}/*, and kms:Decrypt on the key of an encrypted trail"
    answer = _told(partial(client(session, "s3").get_object, Bucket=bucket, Key=key), name, needs)
    try:
        yield from answer["Body"].iter_chunks(CHUNK)
    except (BotoCoreError, OSError) as error:
        raise UndenyError(
            f"`{name}` broke off: {_line(error)}", code="network-unreachable", exit_status=3, help=("run it again",)
        ) from error
    finally:
        answer["Body"].close()


def _day_before(prefix: str, since: datetime) -> bool:
    """Whether a folder of a trail (`.../2026/`, `.../2026/11/`, `.../2026/11/23/`) is of a time before `since`."""
    found = _DAY.search(prefix)
    if found is None:
        return False
    told = tuple(int(part) for part in found.groups() if part)
    return told < (since.year, since.month, since.day)[: len(told)]


def _told(call: Callable[[], Mapping[str, Any]], what: str, needs: str) -> Mapping[str, Any]:
    try:
        return call()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise failure(error) or _refused(error, code, what, needs) from error
    except BotoCoreError as error:
        raise failure(error) or UndenyError(f"`{what}` cannot be read: {_line(error)}", code="aws-failed", exit_status=3) from error


def _refused(error: ClientError, code: str, what: str, needs: str) -> UndenyError:
    if code in _DENIED:
        return UndenyError(f"`{what}` may not be read (`{code}`)", code="read-denied", exit_status=3, help=(f"it needs {needs}",))
    if "Throttl" in code or code == "SlowDown":
        return UndenyError(
            f"AWS throttled the reads of `{what}`", code="throttled", exit_status=3, help=("run it again with a shorter --since",)
        )
    return UndenyError(f"`{what}` cannot be read: {_line(error)}", code="aws-failed", exit_status=3)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
