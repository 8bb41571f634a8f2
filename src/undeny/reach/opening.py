"""A question asked: the answer, and where the way is blocked the changes that open it, which ask again on changed networks."""

from undeny.reach.answer import trace
from undeny.reach.changes import proposals
from undeny.reach.model import Question, Reach


def reach(question: Question) -> Reach:
    """Answer a question over the networks that it carries. Raises `UndenyError` for a source or destination that is none."""
    found = trace(question)
    return found if found.verdict == "reachable" else proposals(question, found)
