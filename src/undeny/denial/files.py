"""A file's bytes read: text, JSON, trail files, any of them in gzip; what is whole is read, what is broken is said."""

import os
import zlib
from pathlib import Path

import msgspec

from undeny.denial.model import Denial
from undeny.errors import UndenyError

LIMIT = 1024 * 1024 * 1024
"""Bytes of text, unpacked, that are read; a trail's own files are a few megabytes."""
_GZIP = b"\x1f\x8b"
_PACKED = {
    b"PK\x03\x04": "a zip archive",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"PAR1": "a Parquet file",
}
_STEP = 1 << 20


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a file told: its denials, the problems that did not stop the reading, and how many events it held."""

    denials: tuple[Denial, ...]
    problems: tuple[UndenyError, ...] = ()
    events: int = 0


def read_path(path: "os.PathLike[str]") -> tuple[Denial, ...]:
    """Read a file by its path; raises where nothing of it could be read."""
    name = os.fspath(path)
    try:
        size = Path(name).stat().st_size
        if size > LIMIT:
            raise _too_large(name, LIMIT)
        data = Path(name).read_bytes()
    except FileNotFoundError as error:
        raise UndenyError(f"no such file: `{name}`", code="no-such-file") from error
    except OSError as error:
        raise UndenyError(f"`{name}` cannot be read: {(error.strerror or 'unknown reason').lower()}", code="unreadable-input") from error
    reading = read(data, name)
    if reading.problems and not reading.denials and not reading.events:
        raise reading.problems[0]
    return reading.denials


def read(data: bytes, name: str | None = None, *, limit: int = LIMIT) -> Reading:
    """Read bytes; raises an `UndenyError` where they are empty, binary or more than `limit` when unpacked."""
    called = name or "the input"
    shown = f"`{called}`" if name else called
    if not data:
        raise UndenyError(f"{shown} is empty", code="empty-input", help=("give a message, a log or a CloudTrail event",))
    cut = False
    if data[:2] == _GZIP:
        data, cut = _unpacked(data, shown, limit)
    if len(data) > limit:
        raise _too_large(called, limit)
    return _read_text(_text(data, shown), shown, cut=cut)


def _read_text(text: str, shown: str, *, cut: bool) -> Reading:
    from undeny.denial.documented import read_document  # noqa: PLC0415 - loaded when first needed
    from undeny.denial.reading import read_text  # noqa: PLC0415 - loaded when first needed

    found = read_document(text)
    denials = found.denials if found else read_text(text)
    problems = tuple(_named(problem, shown) for problem in found.problems) if found else ()
    events = found.events if found else 0
    if cut:
        problems = (_cut_short(shown, events), *(problem for problem in problems if problem.code != "truncated-input"))
    return Reading(denials=denials, problems=problems, events=events)


def _unpacked(data: bytes, shown: str, limit: int) -> tuple[bytes, bool]:
    """Unpack all members of a gzip file; what stands before a break is kept, and that there is one is said."""
    pieces: list[bytes] = []
    size = 0
    rest = data
    while rest[:2] == _GZIP:
        inflater = zlib.decompressobj(31)
        while not inflater.eof:
            try:
                piece = inflater.decompress(rest, _STEP)
            except zlib.error:
                return _kept(pieces, shown), True
            if not piece and not inflater.eof and not inflater.unconsumed_tail:
                return _kept(pieces, shown), True
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise _too_large(shown.strip("`"), limit)
            rest = inflater.unconsumed_tail
        rest = inflater.unused_data
    return b"".join(pieces), False


def _kept(pieces: list[bytes], shown: str) -> bytes:
    whole = b"".join(pieces)
    if not whole:
        raise UndenyError(
            f"{shown} is a gzip file that cannot be unpacked",
            code="broken-gzip",
            help=("copy the file again: its size should be the one S3 lists",),
        )
    return whole


def _text(data: bytes, shown: str) -> str:
    for sign, kind in _PACKED.items():
        if data.startswith(sign):
            raise UndenyError(f"{shown} is {kind}, not text", code="binary-input", help=("unpack it first",))
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    head = b"" if wide else data[:8192]
    if b"\x00" in head or sum(byte < 9 or 13 < byte < 27 for byte in head) > len(head) // 20:
        raise UndenyError(
            f"{shown} is binary, not text",
            code="binary-input",
            help=("give a message, a log, or a CloudTrail event as JSON or JSON in gzip",),
        )
    text = data.decode("utf-16" if wide else "utf-8-sig", "replace")
    if text[:4096].count("\ufffd") > min(len(text), 4096) // 10:
        raise UndenyError(
            f"{shown} is binary, not text",
            code="binary-input",
            help=("give a message, a log, or a CloudTrail event as JSON or JSON in gzip",),
        )
    if not text.strip():
        raise UndenyError(f"{shown} is empty", code="empty-input", help=("give a message, a log or a CloudTrail event",))
    return text


def _cut_short(shown: str, events: int) -> UndenyError:
    if not events:
        return UndenyError(
            f"{shown} ends in the middle of the gzip stream", code="truncated-gzip", help=("what stands before the break was read",)
        )
    count = f"{events:,} whole event{'' if events == 1 else 's'}"
    return UndenyError(
        f"{shown} ends in the middle of the gzip stream, after {count}",
        code="truncated-gzip",
        help=(
            f"{count} {'was' if events == 1 else 'were'} read; the last one is lost",
            "copy the object again: its size should be the one S3 lists",
        ),
    )


def _named(problem: UndenyError, shown: str) -> UndenyError:
    return UndenyError(f"{shown}: {problem.message}", code=problem.code, help=problem.help)


def _too_large(name: str, limit: int) -> UndenyError:
    return UndenyError(
        f"`{name}` holds more than {limit // (1024 * 1024):,} MB of text",
        code="input-too-large",
        help=("cut it to the time of the denial, or search it with `undeny find`",),
    )
