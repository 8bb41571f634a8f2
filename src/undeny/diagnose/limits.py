"""Whether an error code that can be either speaks of a count or of a rate: by its message, else by the service's own model.

botocore retries LimitExceededException as throttling, and most services mean a count by it:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from undeny import catalog
from undeny.denial.model import Denial
from undeny.diagnose import facts

Kind = Literal["rate", "count", "either"]
RATE = (
    "rate exceeded", "rate limit", "too many requests", "too many calls", "throttl", "per second", "per minute", "request rate",
    "simultaneous",
    "some time", "try again later", "attempt limit", "attempts exceeded", "slow down", "retry after", "wait before", "frequen",
)  # fmt: skip
"""What a message says that speaks of calls in a while, or of too many at once: waiting heals it."""
COUNT = (
    "cannot exceed quota", "maximum number of", "limit of ", "already reached", "have reached", "has been reached", "per account",
    "resource limit", "number of", "beyond the current", "can have up to", "more than the allowed", "in this account", "quota for",
)  # fmt: skip
"""What a message says that speaks of how many there are: waiting heals nothing."""


def told(denial: Denial) -> Kind | None:
    """Give what the message itself says of a limit; `None` where it says nothing of the kind."""
    text = facts.folded(denial)
    if any(word in text for word in RATE):
        return "rate"
    return "count" if any(word in text for word in COUNT) else None


def modelled(denial: Denial) -> Kind | None:
    """Give what the service means by this error code; `None` where no service is known, or its model does not have the code."""
    kinds = _codes().get((denial.error_code or "").lower().removeprefix("client."))
    if kinds is None:
        return None
    spelt = (denial.service, denial.event_source, (denial.action or "").partition(":")[0])
    wanted = {prefix for name in spelt if name for prefix in (name.lower(), *catalog.prefixes_for(name))}
    return next((kind for kind, names in kinds.items() if wanted & names), None)


def is_rate(denial: Denial) -> bool:
    """Tell whether the limit is a rate, by the message first."""
    return (told(denial) or modelled(denial)) == "rate"


@cache
def _codes() -> Mapping[str, Mapping[Kind, frozenset[str]]]:
    read = json.loads(Path(__file__).with_name("limits.json").read_text("utf-8"))["codes"]
    return {code: {kind: frozenset(names) for kind, names in kinds.items()} for code, kinds in read.items()}
