"""Runs a command with its output passed through untouched, and keeps the end of what it said."""

import os
import pty
import subprocess
import sys
import threading
from typing import BinaryIO

import msgspec

from undeny.errors import UndenyError

KEPT = 2_000_000
"""Bytes of each stream that are kept: a denial stands at the end of a log."""
_CHUNK = 65_536


class Ran(msgspec.Struct, frozen=True):
    """What a command left: its exit status, and the end of its output and of its errors."""

    status: int
    output: bytes
    errors: bytes


def run(command: tuple[str, ...]) -> Ran:
    """Run `command`. A stream that is a terminal here is one for the command too. Raises `UndenyError` where it cannot be started."""
    out, err = _End(sys.stdout.buffer), _End(sys.stderr.buffer)
    try:
        child = subprocess.Popen(command, stdout=out.inner, stderr=err.inner)  # noqa: S603 - the user's own command, no shell
    except (FileNotFoundError, PermissionError) as error:
        reason = "not found" if isinstance(error, FileNotFoundError) else "not executable"
        raise UndenyError(f"`{command[0]}` is {reason}", code="no-such-command", exit_status=127) from error
    finally:
        out.close_inner()
        err.close_inner()
    copiers = [threading.Thread(target=end.copy, daemon=True) for end in (out, err)]
    for copier in copiers:
        copier.start()
    status = _wait(child)
    for copier in copiers:
        copier.join(timeout=5)
    return Ran(status if status >= 0 else 128 - status, bytes(out.kept), bytes(err.kept))


def _wait(child: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the command got it too, and decides


class _End:
    """One stream: what the command writes to, what we read from, where it goes on to."""

    def __init__(self, onward: BinaryIO) -> None:
        self.onward = onward
        self.kept = bytearray()
        self.outer, self.inner = pty.openpty() if onward.isatty() else os.pipe()

    def close_inner(self) -> None:
        """Close the command's end here, so that its own closing is the end."""
        os.close(self.inner)

    def copy(self) -> None:
        """Pass on every byte at once, and keep the end of them."""
        while chunk := self._read():
            self.onward.write(chunk)
            self.onward.flush()
            self.kept += chunk
            if len(self.kept) > 2 * KEPT:
                del self.kept[:-KEPT]
        os.close(self.outer)

    def _read(self) -> bytes:
        try:
            return os.read(self.outer, _CHUNK)
        except OSError:  # a closed pseudo-terminal says it so
            return b""
