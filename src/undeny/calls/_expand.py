"""From a request to all that its call needs."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Settings
from undeny.calls._place import service_file
from undeny.calls.model import Request


def expand(request: Request, settings: Settings) -> tuple[Request, ...]:
    """Give the request first, then those that its call also needs (`dependent`) and those that services make behind it (`hidden`).

    `settings` are facts of things by ARN, under the names of AWS's API responses. What depends on facts that are not there is
    `certain=False`; a resource that is not known is `*`, with `resource` in `unknown_keys`.
    """
    found = [request, *_behind(Call.of(request, settings))]
    for one in found[1:]:
        if one.role == "dependent":
            found.extend(again for again in _own(Call.of(one, settings)) if again.role == "hidden")
    return tuple({(one.principal, one.action, one.resource): one for one in reversed(found)}.values())[::-1]


def _behind(call: Call) -> Iterator[Request]:
    yield from _own(call)


def _own(call: Call) -> Iterator[Request]:
    hidden = getattr(service_file(call.request.action.partition(":")[0]), "hidden", None)
    if hidden is not None:
        yield from hidden(call)
