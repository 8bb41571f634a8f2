"""The whole walk in a sandbox account first: applied, read back, verified, rolled back, and the old verdict back again.

The sandbox is a copy: the same names, its own account number. A name that is global (a bucket's) is another there, and is told.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.calls.model import Request
from undeny.change.carrying import Way, carry_out
from undeny.change.model import Outcome
from undeny.change.store import Store
from undeny.change.undoing import roll_back
from undeny.errors import UndenyError
from undeny.prove.model import ProvenFix


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """What the walk in the sandbox came to: carried out, and rolled back."""

    account: str
    applied: Outcome
    undone: Outcome


def walk_in_sandbox(proven: ProvenFix, session: sessions.Session, store: Store, way: Way, told: Mapping[str, str]) -> Walked:
    """Walk a fix in the sandbox that `session` is of. `told` maps what is called otherwise there: account numbers, names of buckets.

    Raises `UndenyError` with the code `sandbox-failed` where any of it fails: nothing may then be carried out elsewhere.
    """
    account = sessions.identity(session).account
    there = moved(proven, ProvenFix, told)
    request = moved(way.request, Request, told) if way.request is not None else None
    own = msgspec.structs.replace(way, request=request, caller=None, readers=(), scenario=None, git=None, accounts=None)
    try:
        applied = carry_out(there, session, store, own)
        if applied.verification.verified == "denied":
            undone = roll_back(store, session, applied.record.id, way=own)
            raise _failed(account, f"the call is still denied there: {applied.verification.how}")
        undone = roll_back(store, session, applied.record.id, way=own)
    except UndenyError as error:
        raise error if error.code == "sandbox-failed" else _failed(account, error.message, *error.help) from error
    if undone.verification.back is False:
        raise _failed(account, "after the rollback the old verdict is not back there")
    return Walked(account=account, applied=applied, undone=undone)


def moved(value: Any, kind: Any, told: Mapping[str, str]) -> Any:
    """Give a value with every name that is another in the sandbox put in its place, in texts and in names of fields alike."""
    text = msgspec.json.encode(value).decode()
    for ours, theirs in sorted(told.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(ours, theirs)
    return msgspec.json.decode(text, type=kind)


def _failed(account: str, why: str, *help_: str) -> UndenyError:
    return UndenyError(
        f"the walk in sandbox {account} failed, and nothing was carried out elsewhere: {why}",
        help=help_,
        code="sandbox-failed",
        exit_status=1,
    )
