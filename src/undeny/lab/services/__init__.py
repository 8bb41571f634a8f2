"""One file for each service that the lab answers, named as the SDK names it.

A file gives `asked(call)`, the authorization requests that a call needs; and where the service has them: `DATA_EVENTS` (operations
that are no management events), `ANSWERS` (operation to a function that answers instead of moto), `AFTER` (operation to a function
that mends what moto leaves out), `words(call, refusal)` and `resources(call)`, `parameters(call)` for the trail.
"""

from types import ModuleType

from undeny import dropins
from undeny.lab.model import Asked, Call
from undeny.lab.services._generic import asked as generic


def of(service: str) -> ModuleType | None:
    """Give a service's file, `None` for a service without one."""
    name = service.replace("-", "_")
    return dropins.load(__name__, name) if name in dropins.names(__name__) else None


def asked(call: Call) -> tuple[Asked, ...]:
    """Give all the authorization requests that a call needs, its own first."""
    found = of(call.service)
    requests: tuple[Asked, ...] = tuple(found.asked(call) if found else generic(call))
    return requests
