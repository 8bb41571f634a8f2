"""A file's bytes as text, a chunk at a time: gzip of any number of members, or plain."""

import zlib
from collections.abc import Callable, Iterable, Iterator

from undeny.errors import UndenyError

_GZIP = b"\x1f\x8b"
_MOST = 1 << 22
"""Bytes that one chunk unpacks to at most."""
_OTHERS = {
    b"PK\x03\x04": "a zip archive",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"PAR1": "a Parquet file",
}


def unpacked(chunks: Iterable[bytes], name: str, problem: Callable[[UndenyError], None]) -> Iterator[bytes]:
    """Give the text of a file. A gzip stream that breaks off is a problem; what stands before the break is given.

    Raises `UndenyError` for what is no text in any way that is known.
    """
    source = iter(chunks)
    first = b""
    for chunk in source:
        first += chunk
        if len(first) >= 8:
            break
    if not first:
        raise UndenyError(f"`{name}` is empty", code="empty-input")
    kind = next((kind for sign, kind in _OTHERS.items() if first.startswith(sign)), None)
    if kind or (first[:2] != _GZIP and b"\x00" in first):
        raise UndenyError(f"`{name}` is {kind or 'binary'}, not text", code="binary-input", help=("unpack it first",))
    if first[:2] == _GZIP:
        yield from _inflated(first, source, name, problem)
        return
    yield first
    yield from source


def _inflated(first: bytes, source: Iterator[bytes], name: str, problem: Callable[[UndenyError], None]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(31)
    chunk: bytes | None = first
    while chunk is not None:
        rest = chunk
        while rest:
            if inflater.eof:
                if rest.strip(b"\x00") == b"":
                    break  # padding after the last member
                inflater = zlib.decompressobj(31)
            try:
                piece = inflater.decompress(rest, _MOST)
            except zlib.error:
                problem(_broken(name))
                return
            if piece:
                yield piece
            rest = inflater.unconsumed_tail or inflater.unused_data
        chunk = next(source, None)
    if not inflater.eof:
        problem(_cut(name))


def _broken(name: str) -> UndenyError:
    return UndenyError(
        f"`{name}` is a gzip file with a broken part", code="broken-gzip", help=("what stands before it was read", "copy the file again")
    )


def _cut(name: str) -> UndenyError:
    return UndenyError(
        f"`{name}` ends in the middle of the gzip stream",
        code="truncated-gzip",
        help=("the whole events before the break were read", "copy the object again: its size should be the one S3 lists"),
    )
