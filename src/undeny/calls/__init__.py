"""From a denial to the requests it made, and from a request to those behind it. One file of quirks a service, in `services/`."""

from undeny.calls._carried import carried_keys, never_carried
from undeny.calls._expand import expand
from undeny.calls._told import requests_of as _requests_of
from undeny.calls.model import ContextValue, Given, Request
from undeny.denial.model import Denial

__all__ = ["ContextValue", "Given", "Request", "carried_keys", "expand", "never_carried", "requests_of"]

_NOTHING = Given()


def requests_of(denial: Denial, given: Given = _NOTHING) -> tuple[Request, ...]:
    """Give the requests that a denied call made itself, the denied one first; empty where nothing says which action it was.

    `unknown_keys` holds, beside condition keys, the words `action` and `resource` where that is not known: the action is then the
    likeliest of several services' and the resource `*`.
    """
    return _requests_of(denial, given)
