"""How long the policy is that a call sends, as AWS counts it, and how long it may be.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.diagnose import facts, sent
from undeny.diagnose.model import Case
from undeny.errors import UndenyError
from undeny.iam import document as documents
from undeny.iam import write
from undeny.iam.limits import LENGTHS

_LIMIT = re.compile(
    r"(?:quota for \w+: ?|(?:policy )?size of |limit \(|limit of |less than or equal to |exceeds? (?:the )?(?:maximum|limit) (?:of )?)"
    r"([\d,]{3,7})"
)


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A document with its length and its limit in characters as AWS counts them; `may_split`: several documents count each by itself."""

    data: Mapping[str, Any]
    kind: str
    length: int
    limit: int
    may_split: bool
    well_formed: bool


def limit_told(case: Case) -> int | None:
    """Give the limit that AWS's message names, in characters; `None` where it names none."""
    found = _LIMIT.search(facts.folded(case.denial))
    return int(found[1].replace(",", "")) if found else None


def of_call(case: Case) -> Size | None:
    """Give the size of the document that the call sends; `None` where nobody knows it, or its limit."""
    source, limit = sent.policy(case), limit_told(case) or LENGTHS.get(sent.holder(case))
    if source is None or limit is None:
        return None
    try:
        document = documents.read(source)
    except UndenyError:
        return None
    kind = sent.kind(case)
    counted = write.size(source if isinstance(source, str) else document.data, kind)
    whole = not any(problem.fatal for problem in document.problems)
    managed = sent.operation(case) in ("createpolicy", "createpolicyversion")
    return Size(data=document.data, kind=kind, length=counted, limit=limit, may_split=managed or kind == "scp", well_formed=whole)


def is_trust(case: Case) -> bool:
    """Tell whether the document is a role's trust policy, whose length can be raised."""
    return sent.kind(case) == "trust" or "aclsizeperrole" in facts.folded(case.denial)
