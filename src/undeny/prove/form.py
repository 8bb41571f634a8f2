"""Well formed: the grammar holds, the size is one that AWS takes, and what is written reads back as the same policy."""

import json

from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import document, write
from undeny.iam.arn import Arn
from undeny.iam.limits import LENGTHS
from undeny.prove.model import Proof


def well_formed(fix: Fix) -> Proof:
    """Prove that each document the change writes is one that AWS takes."""
    edits = [c for c in fix.changes if isinstance(c, PolicyEdit) and c.after is not None]
    sizes = []
    for edit in edits:
        fault = _fault(edit)
        if fault is not None:
            return Proof(obligation="well_formed", holds=False, how=fault)
        sizes.append(f"{write.size(write.minify(edit.after), _size_kind(edit))} of {LENGTHS[kind_of(edit)]} characters")
    if not edits:
        return Proof(obligation="well_formed", holds=True, how="no document is written")
    return Proof(obligation="well_formed", holds=True, how=f"reads back the same, without problems; {', '.join(sizes)}")


def kind_of(edit: PolicyEdit) -> str:
    """Give the kind of document by which AWS limits its size: an inline policy by its holder, a trust or key policy by its service."""
    arn = Arn.parse(edit.target)
    match edit.layer:
        case "identity":
            holder = arn.resource_type if arn and arn.service_prefix == "iam" else ""
            return holder if edit.before is None and holder in ("user", "role") else "identity"
        case "resource":
            prefix = arn.service_prefix if arn else ""
            return {"iam": "trust", "kms": "kms"}.get(prefix, "resource")
        case "boundary" | "session" | "endpoint" | "scp" | "rcp":
            return edit.layer


def _size_kind(edit: PolicyEdit) -> str:
    kind = kind_of(edit)
    return "resource" if kind == "kms" else kind


def _fault(edit: PolicyEdit) -> str | None:
    """Name what is wrong with the document that was not wrong with it before, `None` where nothing is."""
    name = edit.policy or f"the policy of {edit.target}"
    old = {(p.code, p.message) for p in document.read(edit.before).problems} if edit.before else set()
    after = edit.after or {}
    for problem in document.read(after).problems:
        if (problem.code, problem.message) not in old:
            return f"{name}: {problem.message} ({problem.path})"
    if json.loads(write.dump(after)) != after:
        return f"{name}: what is written does not read back the same"
    limit = LENGTHS[kind_of(edit)]
    size = write.size(write.minify(after), _size_kind(edit))
    before = write.size(write.minify(edit.before), _size_kind(edit)) if edit.before else 0
    if size > limit and size > before:
        return f"{name}: {size} characters where AWS takes {limit}; put the statement into another policy"
    return None
