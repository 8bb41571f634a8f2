"""A passage read sentence by sentence: wrappers mark where an error begins and ends, forms find its words, and marks become groups."""

from collections.abc import Iterator

from undeny.denial.assembled import Group, assembled
from undeny.denial.choice import chosen
from undeny.denial.evened import passage_of
from undeny.denial.found import Facts, Passage
from undeny.denial.marks import marks_of

BARE = frozenset({"access_denied", "forbidden", "ec2_unauthorized", "no_permission"})
"""Forms that say neither who nor what: the words around them may."""
PACKAGES = ("undeny.denial.wrappers", "undeny.denial.forms")


def groups_of(passage: Passage) -> Iterator[Group]:
    """Put the marks that belong to one error together."""
    wrappers, forms = chosen(PACKAGES, _folded(passage.low))
    return assembled(marks_of(passage, wrappers, forms), passage)


def sentence_facts(text: str) -> Facts:
    """Read the sentence inside an event's `errorMessage`: what it says, and its form."""
    group = next(groups_of(passage_of(text)), None)
    if group is None:
        return {}
    return group.facts() | {"form": group.core.name if group.core else None}


def _folded(low: str) -> str:
    """Fold white space: the literals of drop-ins have single blanks."""
    return " ".join(low.split()) if "\n" in low or "  " in low or "\t" in low else low
