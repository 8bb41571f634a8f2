"""The search: mend the block that decides, look again, until the path is open; then leave out every step that is not needed."""

from collections.abc import Iterator

import msgspec

from undeny import dropins
from undeny.reach.answer import first_block, trace
from undeny.reach.apply import applied
from undeny.reach.changes._neighbours import neighbours, opened
from undeny.reach.changes._offer import Offer, Place
from undeny.reach.model import Change, Hop, Path, Question, Reach, Step
from undeny.reach.world import World

PACKAGE = "undeny.reach.changes"
_DEEP, _TRIES, _SHOWN = 10, 60, 3


class _Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A way through the search: the offers taken so far, and the question over the networks after them."""

    offers: tuple[Offer, ...]
    question: Question
    seen: Reach


def proposals(question: Question, found: Reach) -> Reach:
    """Give the answer with its changes, smallest first. Without a block that surely stands there is nothing to change."""
    if found.verdict != "blocked":
        return found
    left = [_TRIES]
    ends = list(_ends(_Tried(offers=(), question=question, seen=found), left))
    changes: dict[tuple[str, ...], tuple[tuple[float, ...], Change]] = {}
    for end in ends:
        change, rank = _change(question, end)
        changes.setdefault(tuple(sorted(f"{s.operation}{s.target}{s.parameters}" for s in change.steps)), (rank, change))
    best = sorted(changes.values(), key=lambda one: one[0])
    return msgspec.structs.replace(found, changes=tuple(change for _, change in best[:_SHOWN]))


def _ends(here: _Tried, left: list[int]) -> Iterator[_Tried]:
    """Give every way to an open path that the tries allow; one that ends in the unknown counts, and says so."""
    if here.seen.verdict != "blocked":
        yield here
        return
    hop = first_block(here.seen.paths)
    path = next((one for one in here.seen.paths if hop in one.hops), None)
    if hop is None or path is None or len(here.offers) >= _DEEP:
        return
    for offer in offers(here.question, path, hop):
        if left[0] <= 0:
            return
        left[0] -= 1
        changed = _after(here.question, offer.steps)
        yield from _ends(_Tried(offers=(*here.offers, offer), question=changed, seen=trace(changed)), left)


def offers(question: Question, path: Path, hop: Hop) -> Iterator[Offer]:
    """Give what could mend one block."""
    place = Place(question=question, world=World(question.networks), path=path, hop=hop)
    for module in dropins.load_naming(PACKAGE, "KINDS", hop.kind):
        yield from module.offer(place)


def _after(question: Question, steps: tuple[Step, ...]) -> Question:
    networks = question.networks
    for step in steps:
        networks = applied(networks, step)
    return msgspec.structs.replace(question, networks=networks)


def _change(question: Question, end: _Tried) -> tuple[Change, tuple[float, ...]]:
    kept = list(end.offers)
    for offer in end.offers:
        less = [one for one in kept if one is not offer]
        if trace(_after(question, _steps(less))).verdict == end.seen.verdict:
            kept = less
    steps = _steps(kept)
    after = _after(question, steps)
    beside = neighbours(question, after)
    more = opened(beside)
    told = "; ".join(dict.fromkeys(offer.wider for offer in kept if offer.wider))
    wider = "; ".join(filter(None, (told, f"also opens {', '.join(more)}" if more else "")))
    guard = "; ".join(dict.fromkeys(offer.guard for offer in kept if offer.guard))
    change = Change(
        title=", and ".join(dict.fromkeys(offer.title for offer in kept)),
        steps=steps,
        suffices=True if end.seen.verdict == "reachable" else None,
        needed=True,
        wider=wider,
        guard=guard,
        costs="; ".join(dict.fromkeys(offer.costs for offer in kept if offer.costs)),
        neighbours=beside,
    )
    return change, (change.suffices is not True, bool(guard), len(more), bool(told), bool(change.costs), len(steps))


def _steps(kept: "list[Offer] | tuple[Offer, ...]") -> tuple[Step, ...]:
    return tuple(step for offer in kept for step in offer.steps)
