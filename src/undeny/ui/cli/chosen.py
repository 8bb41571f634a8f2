"""The fix that `plan` and `apply` are about: the last explanation's, a numbered one, or one from a file; proved again each time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from undeny import evidence, pipeline, prove
from undeny.errors import UndenyError
from undeny.fix.model import Fix
from undeny.prove.model import ProvenFix, Refutation
from undeny.ui.cli import source


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A proven fix and the walk that it comes from; `explanation` is the id under which that is saved."""

    proven: ProvenFix
    walked: pipeline.Walk
    number: int
    explanation: str | None

    @property
    def accounts(self) -> dict[str, str]:
        """Whose things are, by ARN, where the ARN does not say it: what the requests of the walk say."""
        found = {}
        for request in self.walked.case.requests:
            holder = evidence.holder_of_policy(request.action, request.resource)
            if holder and request.resource_account:
                found[holder] = request.resource_account
        return found


def chosen(given: str | None, number: int | None) -> Chosen:
    """Find FIX. Raises `UndenyError` where there is none, or it is not proved."""
    if given and given.isdigit():
        number, given = int(given), None
    if given and Path(given).is_file() and (record := _record(Path(given))) is not None:
        return _of_file(record, given)
    found = source.latest() if given is None else source.read(given)
    walked = pipeline.walk_subject(found.subjects[0])
    wanted = number or 1
    if wanted > len(walked.fixes):
        many = len(walked.fixes)
        raise UndenyError(f"there is no fix {wanted}", code="no-such-fix", help=(f"the explanation has {many or 'none'}",))
    proven = walked.proven[wanted - 1]
    if proven is None:
        short = found.saved or "SOURCE"
        raise UndenyError(
            f"fix {wanted} is not proved: nothing was read but the text",
            code="not-proved",
            exit_status=4,
            help=(f"read the evidence first: undeny explain {short} --live",),
        )
    return Chosen(proven=proven, walked=walked, number=wanted, explanation=found.saved)


def _record(path: Path) -> Mapping[str, Any] | None:
    try:
        value = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    return value if isinstance(value, dict) and {"undeny", "fix", "scenario"} <= value.keys() else None


def _of_file(record: Mapping[str, Any], name: str) -> Chosen:
    walked = pipeline.walk(record["scenario"])
    try:
        known = {field: value for field, value in record["fix"].items() if field in Fix.__struct_fields__}
        fix = msgspec.convert(known, Fix)
    except (msgspec.ValidationError, AttributeError) as error:
        raise UndenyError(f"`{name}` holds no fix of undeny: {str(error).rstrip('.').lower()}", code="bad-fix") from error
    proven = prove.prove(fix, walked.case)
    if isinstance(proven, Refutation):
        raise UndenyError(f"the fix in `{name}` does not hold: {proven.failed.replace('_', ' ')}", code="refuted", exit_status=1)
    return Chosen(proven=proven, walked=walked, number=1, explanation=None)
