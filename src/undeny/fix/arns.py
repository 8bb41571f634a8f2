"""What the author of an ARN seems to have meant: the objects of a bucket, the index of a table, the streams of a log group."""

from collections.abc import Iterable

import msgspec

from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.arn import Arn

INSIDE = {"s3": ("/*",), "logs": (":*", "*"), "dynamodb": ("/index/*", "/stream/*", "/*"), "sns": (":*",), "lambda": (":*",)}
"""What follows the name of a thing in the ARN of something in it, by service."""


def meant(written: str, resource: str) -> str | None:
    """Give the pattern that is to stand beside `written` so that `resource` is covered, `None` where the two are strangers.

    >>> meant("arn:aws:s3:::logs", "arn:aws:s3:::logs/2026/app.json")
    'arn:aws:s3:::logs/*'
    >>> meant("arn:aws:s3:::logs/*", "arn:aws:s3:::logs")
    'arn:aws:s3:::logs'
    """
    old, new = Arn.parse(written), Arn.parse(resource)
    if old is None or new is None or old.service_prefix != new.service_prefix:
        return None
    for ending in ("/*", ":*"):
        if written.endswith(ending) and wildcard.arn_matches(written.removesuffix(ending), resource):
            return resource
    if wildcard.arn_matches(written, resource):
        return None
    return _inside(written, resource) or _with_suffix(written, resource) or _behind(old, new) or _elsewhere(old, new)


def cannot_be(written: str, corrected: str, actions: Iterable[str]) -> bool:
    """Whether a pattern, corrected to another, was never one that these actions have: no more than a slip, that nobody will miss.

    A secret's ARN ends in six characters of AWS's own: one without them names nothing. Of an S3 bucket alone no object is named.

    >>> cannot_be("arn:aws:s3:::logs", "arn:aws:s3:::logs/*", ("s3:GetObject",))
    True
    >>> cannot_be("arn:aws:s3:::logs", "arn:aws:s3:::logs/*", ("s3:GetObject", "s3:ListBucket"))
    False
    """
    if "/object/" in corrected.removeprefix(written.partition("/object/")[0]) and "/object/" not in written and ":accesspoint/" in written:
        return True
    if written.count("arn:") > 1 or (corrected.endswith("-??????") and not wildcard.has_wildcard(written)):
        return True
    arn = Arn.parse(written)
    known = [catalog.action(a) for a in actions]
    if arn is None or arn.service_prefix != "s3" or "*" in written.removesuffix("/*") or arn.account:
        return False
    kind = "object" if "/" in arn.resource else "bucket"
    return all(a is not None and kind not in {r.name for r in a.resources} for a in known)


def _inside(written: str, resource: str) -> str | None:
    """Cover what is in the thing that is named: the call is on something in it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html
    """
    arn = Arn.parse(resource)
    for ending in INSIDE.get(arn.service_prefix if arn else "", ("/*", ":*")):
        if wildcard.arn_matches(written + ending, resource):
            return written + ending
    return None


def _with_suffix(written: str, resource: str) -> str | None:
    """Cover a secret, whose ARN ends in six characters that AWS adds.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
    """
    for base in (written, written.removesuffix("/*"), written.removesuffix("*")):
        if wildcard.arn_matches(base + "-??????", resource):
            return base + "-??????"
    return None


def _behind(old: Arn, new: Arn) -> str | None:
    """Name objects behind an S3 access point, in whose ARNs `object/` stands before the key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    kind, _, rest = old.resource.partition("/")
    point, _, key = rest.partition("/")
    if old.service_prefix != "s3" or kind != "accesspoint" or not key or key.startswith("object/"):
        return None
    right = str(msgspec.structs.replace(old, resource=f"{kind}/{point}/object/{key}"))
    return right if wildcard.arn_matches(right, str(new)) else None


def _elsewhere(old: Arn, new: Arn) -> str | None:
    """Name exactly this one, where the same thing is named in another Region, account or partition."""
    if old.resource and wildcard.matches(old.resource, new.resource):
        return str(new)
    same_name = old.name == new.name and old.resource_type == new.resource_type and not wildcard.has_wildcard(old.name)
    return str(new) if same_name else None
