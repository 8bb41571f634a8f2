"""The call with which one condition of a Deny no longer holds, or an Allow's does: what the policy asks of the caller."""

from collections.abc import Mapping

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Miss
from undeny.fix import callable as sent
from undeny.fix import requests, values
from undeny.fix.model import CallEdit, Fix
from undeny.iam import wildcard
from undeny.iam.arn import Arn

ELSEWHERE = "the call comes from another place than the policy lists: the list may be what is behind"
WELCOME = "the thing's own policy names this very caller, so its owner wants it in"


def deny(request: Request, held: Miss) -> Fix | None:
    """Give the call with which this one condition of a Deny no longer holds; `None` where the caller does not decide its key."""
    key, operator = held.key or "", held.operator or ""
    if (
        key.lower() in sent.OF_ORGANIZATION
        and values.negated(operator)
        and requests.caller(request).kind in ("user", "role", "role_session")
    ):
        return _from_inside(held)
    if key.lower() == "aws:tagkeys" and held.got and (fewer := with_tags_of(request, held)) is not None:
        return fewer
    if not sent.callable_key(request, key) or (sent.tag_of_thing(key) and held.got):
        return None  # a thing that has the tag is what the guard is about: another tag on it would be a way around
    value = values.value_that_ends(operator, held.wanted, requests.caller(request).account)
    if value is None:
        return _without(request, held)
    if not sent.possible(key, value):
        return None
    return call(request, {key: named(key, value)}, (sent.how(key, named(key, value), held.wanted),), moved=bool(held.got))


def with_tags_of(request: Request, miss: Miss) -> Fix | None:
    """Give the call with those of its tags alone whose keys the policy allows; `None` where it allows none of them, or says no list."""
    allowed = [k for k in miss.got or () if any(wildcard.matches(w, k) for w in miss.wanted)]
    dropped = [k for k in miss.got or () if k not in allowed]
    if not allowed or not dropped or not sent.callable_key(request, miss.key or ""):
        return None
    tags = {name: None for name in request.context if name.lower() in {f"aws:requesttag/{k}".lower() for k in dropped}}
    how = f"send the tag keys that the policy allows alone ({', '.join(miss.wanted)}): leave out {', '.join(dropped)}"
    fix = call(request, {miss.key or "": tuple(allowed), **tags}, (how,))
    return msgspec.structs.replace(fix, applicability="maybe_incorrect")


def _without(request: Request, held: Miss) -> Fix | None:
    """Give the call without the header that a Deny names, or with another value of what every such call has."""
    key, operator = held.key or "", values.bare(held.operator or "")
    if not operator.startswith(("stringequals", "stringlike", "arn")) or not held.got:
        return None
    if key.lower().startswith("s3:x-amz-"):
        return call(request, {key: None}, (f"leave {key.partition(':')[2]} out: the policy denies {', '.join(held.wanted)}",))
    another = f"{values.LIKE}none of {', '.join(held.wanted)}>"
    return call(request, {key: another}, (f"send another {key.partition(':')[2]} than {', '.join(held.got)}: the policy denies it",))


def _from_inside(held: Miss) -> Fix:
    """Only a principal of the organisation passes: nobody here knows which."""
    wanted = ", ".join(held.wanted)
    how = f"call as a principal of the organisation or account that the guard names ({wanted}): assume a role there first"
    return Fix(
        id="",
        title=f"call from inside {wanted}",
        layer="call",
        applicability="has_placeholders",
        changes=(CallEdit(how=how, principal="<role in that organisation>"),),
    )


def named(key: str, value: str) -> str:
    """Name a value that any would do for by its tag: `<Team>`."""
    return f"<{key.partition('/')[2] or key.partition(':')[2]}>" if value == "<value>" else value


def call(request: Request, differs: Mapping[str, ContextValue], hows: tuple[str, ...], *, moved: bool = False) -> Fix:
    """Give the changed call as a fix; in another Region it is on the thing of that Region.

    `moved` says that the call had another value of its own before: where that is a place, the policy's list may be what is behind.
    """
    how = "; ".join(hows)
    open_ = any("<" in str(v) for v in differs.values())
    tagged = any(sent.tag_of_thing(k) for k in differs)
    network = any(k.lower() in sent.NETWORK for k in differs)
    return Fix(
        id="",
        title=how.partition(": ")[0].partition(" (`")[0] if len(hows) == 1 else f"send what the policy asks for: {', '.join(differs)}",
        layer="call",
        applicability="has_placeholders" if open_ else "maybe_incorrect" if network or tagged else "machine_applicable",
        changes=(CallEdit(how=how, context=dict(differs), resource=_there(request, differs)),),
        risks=(ELSEWHERE,) if network and moved else (),
    )


def _there(request: Request, differs: Mapping[str, ContextValue]) -> str | None:
    """Give the same thing in the Region that the call goes to, `None` where the Region does not change or the ARN has none."""
    region = next((v for k, v in differs.items() if k.lower() == "aws:requestedregion"), None)
    arn = Arn.parse(request.resource)
    if not isinstance(region, str) or arn is None or not arn.region:
        return None
    return f"arn:{arn.partition}:{arn.service_prefix}:{region}:{arn.account}:{arn.resource}"
