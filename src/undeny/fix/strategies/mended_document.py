"""Send a policy that AWS takes: the document of the call with the very places mended, whole and ready to be sent."""

from undeny.diagnose import malformed
from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import CallEdit, Fix
from undeny.iam import document as documents
from undeny.iam import write

CODES = ("malformed-policy",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html"
UNSEEN = (
    "correct the document as the message says; a principal that does not exist any more must go from it; "
    "`undeny validate FILE` points at the place"
)


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the mended document where the call's own is known and every place can be mended, else say what to do at each."""
    del cause
    document, found = malformed.flaws(case)
    if not found:
        return (proposals.call(UNSEEN, "correct the document as the message says"),)
    whole = malformed.mended(document, found)
    told = "\n".join(f"{documents.path_text(one.path)}: {one.says}" for one in found)
    if whole is None:
        return (proposals.call(told, "correct the document where it says"),)
    title = "send this document instead: the places are mended, nothing else is changed"
    edit = CallEdit(how=f"{told}\n{write.dump(whole)}")
    return (Fix(id="", title=title, layer="call", applicability="machine_applicable", changes=(edit,)),)
