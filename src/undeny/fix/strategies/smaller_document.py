"""Make a policy fit that is too long: white space out, statements merged, or split into several, each rule of which keeps what it says."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.diagnose import sizes
from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import CallEdit, Fix
from undeny.iam import shrink, write

CODES = ("policy-size-limit",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length"
UNSEEN = "put the statements into a second managed policy, or merge those with the same resources; never widen one to `*` to save room"
DOCUMENTS = "documents"
"""The parameter in which the changed call holds what is to be sent instead, a text each."""
RAISED = (
    "a longer trust policy can be had: `aws service-quotas request-service-quota-increase --service-code iam --quota-code L-C07B4B0D "
    "--desired-value 4096 --region us-east-1`"
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the same policy in fewer characters where the call's own document is known, smallest change first."""
    del cause
    known = sizes.of_call(case)
    found = tuple(_shorter(known)) if known is not None and known.well_formed and known.length > known.limit else ()
    if known is None or not found:
        found = (proposals.call(UNSEEN, "put the statements into a second managed policy, or merge those that differ in one place"),)
    return (*found, proposals.call(RAISED, "ask for a longer trust policy")) if sizes.is_trust(case) else found


def _shorter(known: sizes.Size) -> Iterator[Fix]:
    """Give what fits: without white space, merged, without ids, split. All of them allow and deny exactly what the document does."""
    merged = shrink.merge(known.data)
    tries: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("send it without white space between its parts", known.data),
        ("merge statements that differ in one place", merged),
        ("merge statements, and leave out their ids", shrink.without_ids(merged)),
    )
    for title, data in tries:
        length = write.size(data, known.kind)
        if length <= known.limit and length < known.length:
            yield _sent(f"{title}: {length:,} of {known.limit:,} characters", (data,))
            return
    parts = shrink.split(merged, known.limit, known.kind) if known.kind in ("identity", "scp") and known.may_split else None
    if parts:
        lengths = " and ".join(f"{write.size(part, known.kind):,}" for part in parts)
        yield _sent(f"split it into {len(parts)} policies of {lengths} characters, and attach them all", parts)


def _sent(title: str, parts: tuple[Mapping[str, Any], ...]) -> Fix:
    texts = tuple(write.minify(part) for part in parts)
    sent = CallEdit(how="\n".join((f"{title}:", *texts)), parameters={DOCUMENTS: texts})
    return Fix(id="", title=title, layer="call", applicability="machine_applicable", changes=(sent,))
