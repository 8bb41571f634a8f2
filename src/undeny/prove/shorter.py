"""A policy written shorter, or split: the same requests are allowed as by the document that the call sent, and AWS takes the lengths."""

from undeny.diagnose import sizes
from undeny.diagnose.model import Case
from undeny.fix.model import CallEdit, Fix
from undeny.fix.strategies import smaller_document
from undeny.iam import document, elements, write
from undeny.prove.model import Proof

STRATEGY = "smaller_document"


def shorter(case: Case, fix: Fix) -> tuple[Proof, ...] | None:
    """Prove that the documents of the changed call say together what its own said; `None` for any other fix."""
    texts = [text for edit in fix.changes if isinstance(edit, CallEdit) for text in edit.parameters.get(smaller_document.DOCUMENTS, ())]
    known = sizes.of_call(case) if fix.strategy == STRATEGY and texts else None
    if known is None:
        return None
    from undeny.prove.containment import equivalent  # noqa: PLC0415 - only where a policy was rewritten

    parts = [document.read(text) for text in texts]
    together = {**parts[0].data, "Statement": [one for part in parts for one in elements.statements(part.data)]}
    kind = "resource" if any("Principal" in one or "NotPrincipal" in one for one in elements.statements(known.data)) else "identity"
    same = equivalent(known.data, together, kind)  # type: ignore[arg-type] # one of the two kinds
    lengths = [write.size(text, known.kind) for text in texts]
    fits = all(length <= known.limit for length in lengths)
    told = {True: "allows just what the document allowed: proved for every request", False: "does not allow what the document allowed"}
    unknown = "; ".join(same.needs) or "not decided"
    return (
        Proof(obligation="suffices", holds=fits, how=f"{' and '.join(map(str, lengths))} characters where AWS takes {known.limit}"),
        Proof(obligation="needed", holds=None, how="not checked: another way to write it may do as well"),
        Proof(obligation="nothing_else", holds=same.holds, how=unknown if same.holds is None else told[same.holds]),
        Proof(obligation="no_guard_weakened", holds=same.holds, how="the same policy"),
        Proof(obligation="well_formed", holds=not any(part.problems for part in parts), how="reads back without problems"),
    )
