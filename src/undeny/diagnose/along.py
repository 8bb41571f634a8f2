"""What the network path says, where it was walked: a proven block, or that the settings let everything through."""

from collections.abc import Iterable, Iterator
from typing import Any

from undeny.diagnose import weights
from undeny.diagnose.model import Bucket, Case, Cause, Missing, RuledOut
from undeny.diagnose.signs import Sign, read

_KINDS = {
    "network-security-group": ("security-group",),
    "network-nacl": ("network-acl",),
    "network-route": (
        "route-table", "nat-gateway", "internet-gateway", "egress-only-internet-gateway", "peering", "transit-gateway",
        "block-public-access",
    ),
    "network-endpoint": ("gateway-endpoint", "interface-endpoint"),
}  # fmt: skip
_NAMES = {
    "network-security-group": "security group",
    "network-nacl": "network ACL",
    "network-route": "route",
    "network-endpoint": "endpoint",
}


def guessed(case: Case, code: str, signs: Iterable[Sign]) -> Cause | None:
    """Give a cause by the wording, where no path was walked that tells better."""
    return None if case.path is not None and case.path.verdict != "unknown" else read(case, code, signs)


def proven(case: Case) -> Cause | None:
    """Give the block that the walk found; `None` where no path was walked, or nothing surely blocks it."""
    path = case.path
    if path is None or path.verdict != "blocked" or path.code is None:
        return None
    return Cause(
        code=path.code,
        certainty="proven",
        summary=path.summary,
        because=_because(path),
        weight=weights.BEFORE_POLICY + 8,
        facts={
            "from": path.source,
            "to": path.to,
            "explanation_codes": [hop.code for one in path.paths for hop in one.blocked if hop.code],
        },
    )


def _because(path: Any) -> tuple[str, ...]:
    blocks = list(dict.fromkeys(f"{hop.says}{f' ({hop.code})' if hop.code else ''}" for one in path.paths for hop in one.blocked))
    lines = [f"{'because' if i == 0 else 'and'} {one}," for i, one in enumerate(blocks[:4])]
    return (*lines, "so no answer comes, whatever any policy says")


def open_(case: Case) -> Cause | None:
    """Say where to look when every setting lets the call through."""
    path = case.path
    if path is None or path.verdict != "reachable":
        return None
    told = f"AWS's settings let it through ({path.summary}): look at the client itself, a proxy, or how long the call takes"
    return Cause(code="network-unreachable", certainty="likely", summary=told, weight=weights.BEFORE_POLICY + 2)


def ruled_out(case: Case) -> Iterator[RuledOut]:
    """Give what lets the call through, hop by hop."""
    path = case.path
    if path is None or path.verdict == "unknown":
        return
    hops = [hop for one in path.paths for hop in one.hops]
    for code, kinds in _KINDS.items():
        own = [hop for hop in hops if hop.kind in kinds]
        if own and all(hop.verdict == "open" for hop in own):
            yield RuledOut(code=code, why=f"every {_NAMES[code]} on the way was read and lets it through ({own[0].says})")


def missing(case: Case, bucket: Bucket) -> Iterator[Missing]:
    """Name the path that nobody walked, and what of a walked one was not seen."""
    if bucket == "network" and case.path is None:
        how = "undeny explain ... --from ID --live: the instance, interface, function or task that it was sent from"
        yield Missing(what="the network path", how=how)
    for gap in case.path.missing if case.path is not None else ():
        yield Missing(what=gap.what, how=gap.how or (f"allow {gap.permission} to whoever reads" if gap.permission else gap.why))
