"""A denial filled with what AWS recorded of it."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.denial import decoded, details
from undeny.denial.found import Facts
from undeny.denial.model import Denial
from undeny.denial.record import is_details, mappings
from undeny.denial.secrets import mask_value

_RECORD_WINS = ("kind", "policy_type", "policy_arn", "context", "record")
"""What AWS's record knows better than a text of the same denial."""


def completed(denial: Denial, record: Mapping[str, Any]) -> Denial:
    """Fill a denial from its record, authorization details or a decoded message.

    What the denial says stays; the record wins on the kind of denial, since texts of 2022 and 2023 could call an implicit one explicit,
    and on the policy. Of the keys of the context each has the value that the denial says, if it says one.
    """
    found = details.facts_of(record, _denied(record, denial)) if is_details(record) else decoded.facts_of(record)
    kept = dict(_kept(denial, {**found, "record": mask_value(record)}))
    said = {key.lower() for key in denial.context}
    more = {key: value for key, value in found["context"].items() if key.lower() not in said}
    return msgspec.structs.replace(denial, **{**kept, "context": {**denial.context, **more}, "recorded": True})


def _denied(record: Mapping[str, Any], denial: Denial) -> Mapping[str, Any]:
    """Give the evaluation that the denial is of: of its action where it names one, else the first that denied."""
    refused = [one for one in mappings(record.get("evaluations")) if one.get("evaluatedEffect") in details.KINDS]
    named = (one for one in refused if denial.action and str(one.get("action")).lower() == denial.action.lower())
    return next(named, refused[0] if refused else {})


def _kept(denial: Denial, found: Facts) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if value is not None and (name in _RECORD_WINS or getattr(denial, name) is None):
            yield name, value
