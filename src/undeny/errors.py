"""The one error base class: every failure that a user can meet is one of these.

Shaped like a compiler's diagnostic: a kebab-case code, one line that makes sense alone, lines of help, and the exit status.
"""

import re

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class UndenyError(Exception):
    """A failure to tell the user: one cause, one next step.

    `message` is lower case, without a final stop, with the user's input in backticks. `help` are lines of what to do.
    `exit_status` is 2 (the call was wrong), 3 (AWS or the network failed), 1 or 4 as the interface says.
    """

    code = "error"
    exit_status = 2

    def __init__(self, message: str, *, help: tuple[str, ...] = (), code: str | None = None, exit_status: int | None = None) -> None:  # noqa: A002 - the word that users read
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code or type(self).code
        self.exit_status = type(self).exit_status if exit_status is None else exit_status
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"error code {self.code!r} is not kebab-case")
        if not message or message != message.strip() or message.endswith("."):
            raise ValueError(f"error message {message!r} is empty, padded or ends in a stop")

    def __str__(self) -> str:
        return self.message
