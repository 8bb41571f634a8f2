"""Packets beside the one that was asked for: what stays blocked after a change, and what it opens too."""

from collections.abc import Iterator

import msgspec

from undeny.errors import UndenyError
from undeny.reach.answer import trace
from undeny.reach.model import Neighbour, Question
from undeny.reach.sources import sources
from undeny.reach.targets import destinations
from undeny.reach.world import World

# https://www.rfc-editor.org/rfc/rfc5737 and https://www.rfc-editor.org/rfc/rfc3849: addresses for examples, of no one
_ELSEWHERE = ("203.0.113.10", "2001:db8::10")
_PORTS = (22, 443, 3389, 8443)


def neighbours(before: Question, after: Question) -> tuple[Neighbour, ...]:
    """Give other packets with their verdicts before and after."""
    found = []
    for what, question in _beside(before):
        changed = msgspec.structs.replace(question, networks=after.networks)
        try:
            found.append(Neighbour(what=what, before=trace(question).verdict, after=trace(changed).verdict))
        except UndenyError:
            continue  # a neighbour that the changed network does not hold
    return tuple(found)


def opened(found: tuple[Neighbour, ...]) -> tuple[str, ...]:
    """Give the neighbours that were blocked and are open now."""
    return tuple(one.what for one in found if one.before == "blocked" and one.after == "reachable")


def _beside(question: Question) -> Iterator[tuple[str, Question]]:
    world = World(question.networks)
    source = sources(world, question.source)[0]
    to = destinations(world, question, question.region or world.networks[0].region)[0]
    port = to.port or 443
    other = next(one for one in _PORTS if one != port)
    bare = question.to.rpartition(":")[0] if question.port is None and question.to.count(":") == 1 else question.to
    yield f"{question.protocol} {other} to {to.name}", msgspec.structs.replace(question, to=bare, port=other)
    public = _ELSEWHERE[1 if question.ipv6 else 0]
    yield f"{question.protocol} {port} to {public}", msgspec.structs.replace(question, to=public, port=port, resolve={})
    for one in world.all("NetworkInterfaces", VpcId=source.vpc):
        name = one["NetworkInterfaceId"]
        if name not in (source.interface, to.interface) and one.get("InterfaceType", "interface") == "interface":
            address = one.get("PrivateIpAddress")
            if address and address != question.to.partition(":")[0] and not question.ipv6:
                yield f"{question.protocol} {port} to {address}", msgspec.structs.replace(question, to=address, port=port)
                yield f"{question.protocol} {port} from {address} to {to.name}", msgspec.structs.replace(question, source=name)
            return
