"""What a text says by its error code and its words, as data: the triage table, one row a sign, in the file of its cause."""

import re
from collections.abc import Iterable

import msgspec

from undeny.diagnose import facts, say, weights
from undeny.diagnose.model import Case, Cause, Certainty

_SEPARATORS = re.compile(r"[^a-z0-9]+")


DENIALS = ("accessdenied", "accessdeniedexception", "accessdeniedfault", "unauthorizedoperation", "authorizationerror", "vpceaccessdenied")
"""Error codes by which AWS says itself that it is a denial, in lower case."""
NO_DENIALS = ("throttled", "quota-count", "policy-size-limit", "capacity", "service-fault", "service-event", "network-")
"""Causes that AWS never answers with such a code: beside one, a mere word of theirs is a name or another line of the log."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a cause shows in a text. What is given must all be there; names and words are in lower case.

    `errors`: the error code is one of these, or one of them stands in the text as a word. `endings`: a word of the text ends in one of
    these, which holds for codes that nobody listed (`natgatewaylimitexceeded`). `words`: one of them is in the text.
    `also`: all of them are. `never`: none of them is. `operations`: the operation or action is one of these (without service).
    `services`: the service prefix. `status`: the HTTP status. `says` is the summary; `{who}`, `{what}` and `{on}` are filled in.
    """

    says: str
    errors: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    status: tuple[int, ...] = ()
    weight: float = weights.WORDING
    certainty: Certainty = "likely"
    layer: str | None = None
    source: str | None = None


def read(case: Case, code: str, signs: Iterable[Sign]) -> Cause | None:
    """Give the cause by its heaviest sign that the text shows."""
    text = facts.folded(case.denial)
    shown = [sign for sign in signs if _shows(sign, case, text) and not _a_mere_word(sign, case, code)]
    if not shown:
        return None
    best = max(shown, key=lambda sign: sign.weight)
    return Cause(code=code, certainty=best.certainty, summary=say.fill(case, best.says), layer=best.layer, weight=best.weight)


def _a_mere_word(sign: Sign, case: Case, code: str) -> bool:
    """Tell whether AWS's own code says that it is a denial, which this cause never is, and no whole code of the sign stands beside it."""
    denial = (case.denial.error_code or "").lower().removeprefix("client.") in DENIALS
    if not denial or not code.startswith(NO_DENIALS):
        return False
    whole = tuple(error for error in sign.errors if error.endswith(("exception", "exceeded", "fault")))
    return not (whole and _names(whole, None, facts.folded(case.denial)))


def _shows(sign: Sign, case: Case, text: str) -> bool:
    if sign.weight >= weights.ASKED_NOBODY and facts.judged(case.denial):
        return False
    if sign.never and any(word in text for word in sign.never):
        return False
    if not all(word in text for word in sign.also):
        return False
    if sign.words and not any(word in text for word in sign.words):
        return False
    return _by_call(sign, case, text)


def _by_call(sign: Sign, case: Case, text: str) -> bool:
    if sign.errors and not _names(sign.errors, case.denial.error_code, text):
        return False
    if sign.endings and not any(word.endswith(sign.endings) for word in _SEPARATORS.split(text)):
        return False
    if sign.status and case.denial.http_status not in sign.status:
        return False
    if sign.operations and not any(name in sign.operations for name in _called(case)):
        return False
    return not sign.services or bool(set(sign.services) & _prefixes(case))


def _names(errors: tuple[str, ...], code: str | None, text: str) -> bool:
    if code and code.lower().removeprefix("client.") in errors:
        return True
    words = set(_SEPARATORS.split(text))
    return any(error in words if error.isalnum() else error in text for error in errors)


def _called(case: Case) -> tuple[str, ...]:
    names = [case.denial.operation or "", (case.denial.action or "").partition(":")[2]]
    request = facts.main(case)
    if request:
        names.append(request.action.partition(":")[2])
    return tuple(name.lower() for name in names if name)


def _prefixes(case: Case) -> set[str]:
    found = {(case.denial.action or "").partition(":")[0], (case.denial.service or ""), (case.denial.event_source or "").partition(".")[0]}
    request = facts.main(case)
    if request:
        found.add(request.action.partition(":")[0])
    return {name.lower() for name in found if name}
