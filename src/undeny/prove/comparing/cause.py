"""Which differing places decide: with these from the side that works, the side that fails works too."""

from collections.abc import Iterable

from undeny.prove.comparing.deciding import DENIED, decided
from undeny.prove.comparing.model import Unit
from undeny.prove.comparing.units import Choice, together

MOST = 60
"""Places of which each is tried alone; where more differ, each is still tried once on the way to the smallest set."""
_ORDER = ("scp", "rcp", "endpoint", "boundary", "session", "scope_down", "resource", "identity", "setting", "context", "call")


def deciding(found: tuple[Unit, ...], differing: Iterable[Unit], fails: Choice, blocked_by: Iterable[str]) -> tuple[Unit, ...]:
    """Give the place that decides, else the smallest set of places that do so together; empty where no such set is found.

    Several that each suffice alone: the one in a layer that blocks the call comes first, policies before values.
    """
    works: Choice = "a" if fails == "b" else "b"
    layers = tuple(blocked_by)
    tried = sorted(differing, key=lambda unit: (unit.layer not in layers, _ORDER.index(unit.layer)))
    for unit in tried:
        if _lets(found, (unit,), works, fails):
            return (unit,)
    if not _lets(found, tried, works, fails):
        return ()
    kept = list(tried)
    for unit in reversed(tried):
        fewer = [one for one in kept if one is not unit]
        if _lets(found, fewer, works, fails):
            kept = fewer
    return tuple(kept)


def _lets(found: tuple[Unit, ...], taken: Iterable[Unit], works: Choice, fails: Choice) -> bool:
    side = together(found, {unit.slot: works for unit in taken}, fails)
    return decided(side).decision not in (*DENIED, "unknown")
