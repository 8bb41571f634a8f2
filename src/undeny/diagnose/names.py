"""How one ARN misses another: the policy names the bucket, the call an object in it, and other near misses.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from undeny.iam import wildcard
from undeny.iam.arn import Arn

_ALIKE = 0.86
_JOINTS = "/:-_.?"


def how_it_misses(wanted: Iterable[str], got: str) -> tuple[str, str] | None:
    """Give the entry that comes near `got` and how it misses it, in words that follow "the policy"; `None` where none comes near."""
    entries = tuple(wanted)
    for rule in _RULES:
        for entry in entries:
            said = rule(entry, got)
            if said:
                return entry, said
    return None


def _no_resource(entry: str, got: str) -> str | None:
    if got == "*" and entry != "*":
        return f"names `{entry}`, and this action is authorised on `*` alone"
    return None


def _malformed(entry: str, _got: str) -> str | None:
    parsed = Arn.parse(entry)
    if parsed is None and not entry.startswith(("*", "$", "?")):
        return f"has `{entry}`, which is no ARN: it lacks some of the six parts"
    if parsed is not None and not parsed.resource:
        return f"has `{entry}`, which ends before the resource part: `*` is missing after the last colon"
    return None


def _place(entry: str, got: str) -> str | None:
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or want.service_prefix != have.service_prefix:
        return None
    moved = Arn(
        partition=have.partition, service_prefix=have.service_prefix, region=have.region, account=have.account, resource=want.resource
    )
    if not wildcard.arn_matches(str(moved), got):
        return None
    pairs = (("partition", want.partition, have.partition), ("Region", want.region, have.region), ("account", want.account, have.account))
    other = [(name, w, h) for name, w, h in pairs if not wildcard.matches(w, h)]
    return " and ".join(f"names {name} `{w}`, the call went to `{h}`" if w else f"leaves the {name} out" for name, w, h in other) or None


def _inside(entry: str, got: str) -> str | None:
    """Tell where the policy names the thing and the call what is in it, or the reverse."""
    if wildcard.arn_matches(f"{entry}/*", got) or wildcard.arn_matches(f"{entry}:*", got):
        tail = "/*" if wildcard.arn_matches(f"{entry}/*", got) else ":*"
        return f"covers `{entry}` and not what is in it: `{tail}` is missing"
    if entry.endswith(("/*", ":*")) and wildcard.arn_matches(entry[:-2], got):
        return f"covers what is in it (`{entry}`) and not the thing itself"
    return None


def _suffix(entry: str, got: str) -> str | None:
    stem = entry.rstrip("*").rstrip("/:")
    if not stem or stem.endswith(":") or Arn.parse(stem) is None or not wildcard.arn_matches(f"{stem}*", got):
        return None
    if stem != entry:
        return f"ends in `{entry[len(stem) :]}`, where the real name goes on in another way"
    rest = next((got[i:] for i in range(len(got), 0, -1) if wildcard.arn_matches(stem, got[:i])), "")
    return f"stops at `{entry}`, and the real name goes on: `{rest}` is missing" if rest[:1] in tuple(_JOINTS) else None


def _shorter(entry: str, got: str) -> str | None:
    if entry.startswith(got) and entry[len(got) : len(got) + 1] in ("/", ":"):
        return f"names `{entry}`; the call asked for `{got}`, which is only the beginning of it"
    return None


def _path(entry: str, got: str) -> str | None:
    """Tell where an IAM path was left out or added. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html."""
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or want.service_prefix != "iam" or have.service_prefix != "iam":
        return None
    if want.resource_type != have.resource_type or want.resource == have.resource:
        return None
    if wildcard.matches(want.name, have.name) and want.resource.count("/") != have.resource.count("/"):
        return f"has another path: `{want.resource}`, the call named `{have.resource}`"
    return None


def _access_point(entry: str, got: str) -> str | None:
    """Tell a bucket's ARN from an access point's. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html."""
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or want.service_prefix not in ("s3", "s3express") or want.service_prefix != have.service_prefix:
        return None
    through, named = have.resource.startswith("accesspoint"), want.resource.startswith("accesspoint")
    if through and named and "/object/" in have.resource and "/object/" not in want.resource:
        return f"names the access point (`{want.resource}`), and objects behind it are `.../object/KEY`"
    if through == named:
        return None
    if through:
        return f"names the bucket (`{entry}`), and a request through an access point is judged on the access point's ARN"
    return f"names an access point (`{entry}`), and the call went to the bucket itself"


def _kind(entry: str, got: str) -> str | None:
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or want.service_prefix != have.service_prefix or have.service_prefix == "s3":
        return None
    whole = want.resource_type or have.resource_type
    first, second = want.resource_type or (whole and want.resource), have.resource_type or (whole and have.resource)
    if not first or not second or wildcard.matches(first, second):
        return None
    return f"names a `{first}` (`{want.resource}`), and the call is judged on the `{second}`"


def _service(entry: str, got: str) -> str | None:
    """Tell an ARN of another service, which no action of this one is ever judged on: `rds` for `rds-db`, `logs` for `s3`."""
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or not want.service_prefix or "*" in want.service_prefix or want.service_prefix == have.service_prefix:
        return None
    return f"names something of `{want.service_prefix}` (`{want.resource}`), and the call is judged on an ARN of `{have.service_prefix}`"


def _alike(entry: str, got: str) -> str | None:
    want, have = Arn.parse(entry), Arn.parse(got)
    if want is None or have is None or want.service_prefix != have.service_prefix:
        return None
    if wildcard.matches(want.resource, have.resource, ignore_case=True):
        return f"spells it `{want.resource}`: capitals count"
    if SequenceMatcher(None, want.resource.rstrip("*/:"), have.resource).ratio() >= _ALIKE:
        return f"names `{want.resource}`, the call `{have.resource}`"
    return None


_RULES: tuple[Callable[[str, str], str | None], ...] = (
    _malformed, _no_resource, _place, _inside, _suffix, _shorter, _path, _access_point, _alike, _kind, _service,
)  # fmt: skip
