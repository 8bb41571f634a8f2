"""A long text in blocks, cut between the entries of a log, so that time and memory stay in proportion to what is denied in it."""

import re
from collections.abc import Iterator

_BOUNDARY = re.compile(r"\n(?=\n|\[?\d{4}[-/]\d\d[-/]\d\d|\{|Traceback |Error: |ERROR|An error occurred|\d+\|)")
_SIGNS = (
    "denied", "authoriz", "exception", "forbidden", "error", "fail", "expired", "credential", "throttl", "limit", "timeout", "timed out",
    "x-amz", "token", "connect", "status code", "unable", "cannot", "not allowed", "exist", "policy", "quota", "capacity", "rate exceeded",
)  # fmt: skip
"""Words of which every text about a failure has one; a block without any is passed over."""


def blocks_of(text: str, size: int) -> Iterator[tuple[str, int]]:
    """Give the blocks that could speak of a failure, each with the number of its first line."""
    begin, line = 0, 1
    while begin < len(text):
        end = _cut(text, begin, size)
        block = text[begin:end]
        low = block.lower()
        if any(sign in low for sign in _SIGNS):
            yield block, line
        line += block.count("\n")
        begin = end


def _cut(text: str, begin: int, size: int) -> int:
    """Find the last boundary between entries in the second half of a block; else the last line that is not indented; else its end."""
    limit = begin + size
    if limit >= len(text):
        return len(text)
    last = 0
    for match in _BOUNDARY.finditer(text, begin + size // 2, limit):
        last = match.end()
    if last:
        return last
    newline = text.rfind("\n", begin + 1, limit)
    blank = text.rfind(" ", begin + 1, limit)
    return (newline + 1) or (blank + 1) or limit
