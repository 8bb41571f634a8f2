"""The lab's failures that a user can meet."""

from undeny.errors import UndenyError


class LabError(UndenyError):
    """The lab could not start, or cannot answer."""

    code = "lab"
    exit_status = 3


class UnanswerableError(LabError):
    """An operation that the lab cannot answer: said loudly, with its name."""

    code = "lab-cannot-answer"
