"""The answer: every way that packets may take, one verdict over all, and the cause code."""

from collections.abc import Iterable

import msgspec

from undeny.errors import UndenyError
from undeny.evidence.model import Gap
from undeny.reach.model import Hop, Path, Question, Reach, Source, Verdict
from undeny.reach.sources import sources, unseen
from undeny.reach.targets import destinations
from undeny.reach.walk import paths
from undeny.reach.world import World

_CODES = {
    "security-group": "network-security-group",
    "network-acl": "network-nacl",
    "dns": "network-dns",
    "gateway-endpoint": "network-endpoint",
    "interface-endpoint": "network-endpoint",
    "endpoint-policy": "endpoint-missing-allow",
}


def trace(question: Question) -> Reach:
    """Answer without proposing anything."""
    if not question.networks:
        raise UndenyError(
            "nothing was read of the network",
            code="no-network",
            help=("give --live, or --evidence DIR of undeny network --out",),
            exit_status=4,
        )
    world = World(question.networks)
    found: list[Path] = []
    starts = sources(world, question.source)
    if not starts:
        return _unseen(question, unseen(world, question.source))
    for one in starts:
        source = one if question.source_port is None else _bound(one, question.source_port)
        region = question.region or _region(world, source)
        for to in destinations(world, question, region):
            found.extend(paths(world, source, to, question, region))
    verdict = over(found)
    first = first_block(found) if verdict == "blocked" else None
    return Reach(
        source=question.source,
        to=question.to,
        verdict=verdict,
        code=code_of(found, first) if first else None,
        summary=_summary(question, found, verdict, first),
        paths=tuple(found),
        missing=_missing(found),
        assumes=tuple(dict.fromkeys(f"{path.when}" for path in found if path.when)),
    )


def _unseen(question: Question, gap: Gap | None) -> Reach:
    told = f"{question.source} → {question.to} is not decided: {gap.what if gap else question.source} was not seen"
    missing = (gap,) if gap else ()
    return Reach(source=question.source, to=question.to, verdict="unknown", code=None, summary=told, paths=(), missing=missing)


def _bound(source: Source, port: int) -> Source:
    return msgspec.structs.replace(source, client=((port, port),), sure=True)


def _region(world: World, source: Source) -> str:
    home = world.home("Subnets", source.subnet) or world.home("Vpcs", source.vpc)
    return home.region if home else world.networks[0].region


def over(found: Iterable[Path]) -> Verdict:
    """Give one verdict over several ways.

    A way that is surely taken and blocked blocks; one that is only perhaps taken decides nothing alone.
    """
    told = list(found)
    verdicts = {path.verdict for path in told}
    if any(path.guessed for path in told):
        return "unknown"
    if len(verdicts) == 1:
        return verdicts.pop()
    if any(path.verdict == "blocked" and not path.when for path in told):
        return "blocked"
    return "unknown"


def first_block(found: Iterable[Path]) -> Hop | None:
    """Give the block that decides: the first of the first way that is surely taken."""
    blocked = [path for path in found if path.verdict == "blocked"]
    blocked.sort(key=lambda path: bool(path.when))
    return _nearest(blocked[0].blocked) if blocked else None


def _nearest(hops: tuple[Hop, ...]) -> Hop:
    """Prefer what makes the whole way impossible (no route, no name) to a filter on it."""
    return next((hop for hop in hops if hop.kind not in ("security-group", "network-acl")), hops[0])


def code_of(found: Iterable[Path], hop: Hop) -> str:
    """Give the cause code of a block.

    A service without a route is `network-endpoint` where the VPC has its endpoint and this subnet does not use it.
    """
    if hop.kind == "endpoint-policy":
        return "endpoint-explicit-deny" if hop.hint.get("explicit") else "endpoint-missing-allow"
    owner = next((path for path in found if hop in path.hops), None)
    if hop.kind == "security-group" and hop.direction == "in" and owner and any(one.kind == "interface-endpoint" for one in owner.hops):
        return "network-security-group"
    unused = owner and any(one.kind == "dns" and one.hint.get("endpoint") for one in owner.hops)
    if unused and hop.kind not in ("security-group", "network-acl", "dns"):
        return "network-dns"
    return _CODES.get(hop.kind, "network-route")


def _summary(question: Question, found: list[Path], verdict: Verdict, first: Hop | None) -> str:
    to = found[0].destination.name if len({path.destination.name for path in found}) == 1 else question.to
    port = "" if question.protocol.startswith("icmp") else f":{found[0].destination.port or 443}"
    ends = f"{question.source} → {to if ':' not in to else f'[{to}]'}{port}"
    if verdict == "reachable":
        vias = dict.fromkeys(path.via for path in found if path.via)
        return f"{ends} is open, by {' and '.join(vias)}"
    if verdict == "unknown":
        gaps = _missing(found)
        guess = first_block(found)
        then = f"; if {found[0].when}, it is blocked: {guess.says}" if guess and found[0].guessed else ""
        return f"{ends} is not decided: {gaps[0].what} was not seen{then}" if gaps else f"{ends} depends on which way is taken"
    blocked = [path for path in found if path.verdict == "blocked"]
    many = sum(len(path.blocked) for path in blocked)
    part = "" if len(blocked) == len(found) else f" (on {len(blocked)} of {len(found)} ways)"
    more = f"; {many - 1} more {'block' if many == 2 else 'blocks'} behind it" if many > 1 else ""
    return f"{ends} is blocked{part}: {first.says if first else ''}{more}"


def _missing(found: Iterable[Path]) -> tuple[Gap, ...]:
    gaps = [hop.gap for path in found for hop in path.hops if hop.gap is not None and hop.verdict == "unknown"]
    return tuple({gap.what: gap for gap in gaps}.values())
