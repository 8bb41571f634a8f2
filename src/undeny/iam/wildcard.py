"""The one wildcard matcher: `*` any run of characters, `?` one character, a newline too.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from undeny.iam import arn as _arn

Token = str | tuple[str]
"""A character that stands for itself, or a wildcard: `("*",)`, `("?",)`."""
STAR: Token = ("*",)
MARK: Token = ("?",)
Tokens = tuple[Token, ...]


@lru_cache(maxsize=8192)
def tokens(pattern: str) -> Tokens:
    """Take a pattern apart, runs of `*` folded to one."""
    found: list[Token] = []
    for character in pattern:
        if character == "*":
            if not found or found[-1] != STAR:
                found.append(STAR)
        elif character == "?":
            found.append(MARK)
        else:
            found.append(character)
    return tuple(found)


def regex(parts: Sequence[Token], *, one: str = ".") -> str:
    """Write tokens as a regular expression that takes linear time for each star: shortest runs first, never tried again.

    `one` is what a wildcard may stand for: `.` any character, `[^:]` within a segment of an ARN.
    """
    written: list[str] = []
    chunk: list[str] = []
    star = False
    for part in parts:
        if part == STAR:
            written.append(_chunk(chunk, one if star else None))
            chunk, star = [], True
        else:
            chunk.append(one if part == MARK else re.escape(str(part)))
    if not star:
        return "".join(chunk)
    return "".join(written) + f"{one}*" + "".join(chunk)


def _chunk(chunk: Sequence[str], one: str | None) -> str:
    text = "".join(chunk)
    if one is None:
        return text
    return f"(?>{one}*?{text})" if text else ""


def has_wildcard(text: str) -> bool:
    """Whether a text holds `*` or `?`."""
    return "*" in text or "?" in text


@lru_cache(maxsize=4096)
def compiled(parts: Tokens) -> re.Pattern[str]:
    """Compile tokens that stand for a whole text."""
    return re.compile(regex(parts), re.DOTALL)


@lru_cache(maxsize=4096)
def compiled_arn(parts: Tokens) -> re.Pattern[str]:
    """Compile tokens that stand for a Resource entry."""
    return re.compile(arn_tokens(parts), re.DOTALL)


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether the whole text fits the pattern.

    >>> matches("s3:Get*", "s3:getobject", ignore_case=True)
    True
    """
    if pattern == "*":
        return True
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    if not has_wildcard(pattern):
        return pattern == text
    return compiled(tokens(pattern)).fullmatch(text) is not None


def arn_tokens(parts: Tokens) -> str:
    """Write the tokens of a Resource pattern as a regular expression: split at the first five colons.

    Wildcards stay in their segment; `*` as a segment's last character may run past the colon; the sixth segment is one text.
    """
    segments: list[list[Token]] = [[]]
    for part in parts:
        if part == ":" and len(segments) < 6:
            segments.append([])
        else:
            segments[-1].append(part)
    written = []
    for index, segment in enumerate(segments):
        if index == 5:
            written.append(regex(segment))
        elif segment and segment[-1] == STAR:
            written.append(_open_segment(segment[:-1]))
        else:
            written.append(_segment(segment))
    return ":".join(written)


def _open_segment(segment: Sequence[Token]) -> str:
    return _segment(segment) + ".*"


def _segment(segment: Sequence[Token]) -> str:
    """One segment that may be tried again: what follows it is not of the same segment, so no shortest run is kept."""
    return "".join("[^:]*" if part == STAR else "[^:]" if part == MARK else re.escape(str(part)) for part in segment)


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether a resource fits a `Resource` entry: `*` as the last character of a segment may run past the colon (trap 9).

    >>> arn_matches("arn:aws:sns:*:topic", "arn:aws:sns:us-east-1:111122223333:topic")
    True
    """
    if pattern == "*":
        return True
    if not has_wildcard(pattern):
        return pattern == arn
    return compiled_arn(tokens(pattern)).fullmatch(arn) is not None


def arn_like(pattern: str, arn: str) -> bool:
    """Whether `ArnLike` and `ArnEquals` hold: each of the six parts by itself; false where either side is no ARN."""
    return arn_like_tokens(tokens(pattern), arn) is True


def arn_like_tokens(parts: Tokens, arn: str) -> bool | None:
    """Compare as `arn_like`; `None` where either side has not the six parts of an ARN."""
    got = _arn.split(arn)
    compiled = _six(parts)
    if got is None or compiled is None:
        return None
    return all(one.fullmatch(text) is not None for one, text in zip(compiled, got, strict=True))


@lru_cache(maxsize=4096)
def _six(parts: Tokens) -> tuple[re.Pattern[str], ...] | None:
    segments: list[list[Token]] = [[]]
    for part in parts:
        if part == ":" and len(segments) < 6:
            segments.append([])
        else:
            segments[-1].append(part)
    if len(segments) != 6 or compiled(tuple(segments[0])).fullmatch("arn") is None:
        return None
    return tuple(re.compile(regex(segment), re.DOTALL) for segment in segments)


def covers(wider: str, narrower: str) -> bool:
    """Whether every text that the pattern `narrower` matches is matched by the pattern `wider`.

    A wildcard of the narrower pattern is read as a character that the wider one does not name: what matches that matches any.

    >>> covers("s3:Get*", "s3:GetObject*"), covers("s3:GetObject*", "s3:Get*")
    (True, False)
    """
    if wider in {"*", narrower}:
        return True
    wide, narrow = tokens(wider), tokens(narrower)
    todo = [(0, _closure(wide, frozenset({0})))]
    seen = set(todo)
    while todo:
        at, states = todo.pop()
        if not states:
            return False
        if at == len(narrow):
            if len(wide) not in states:
                return False
            continue
        part = narrow[at]
        steps = [(at + 1, states), (at, _step(wide, states, None))] if part == STAR else [(at + 1, _step(wide, states, part))]
        fresh = [step for step in steps if step not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return True


def overlaps(one: str, other: str) -> bool:
    """Whether some text fits both patterns.

    >>> overlaps("arn:aws:s3:::a*", "arn:aws:s3:::*z"), overlaps("a?", "b*")
    (True, False)
    """
    left, right = tokens(one), tokens(other)
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        i, j = todo.pop()
        if (i, j) == (len(left), len(right)):
            return True
        a, b = left[i] if i < len(left) else None, right[j] if j < len(right) else None
        steps = [(i + 1, j)] if a == STAR else []
        steps += [(i, j + 1)] if b == STAR else []
        if a is not None and b is not None and (a == b or not isinstance(a, str) or not isinstance(b, str)):
            steps.append((i if a == STAR else i + 1, j if b == STAR else j + 1))
        todo.extend(step for step in steps if step not in seen)
        seen.update(steps)
    return False


def _closure(wide: Tokens, states: frozenset[int]) -> frozenset[int]:
    found = set(states)
    for state in sorted(states):
        at = state
        while at < len(wide) and wide[at] == STAR:
            at += 1
            found.add(at)
    return frozenset(found)


def _step(wide: Tokens, states: frozenset[int], part: Token | None) -> frozenset[int]:
    after = set()
    for at in states:
        if at == len(wide):
            continue
        here = wide[at]
        if here == STAR:
            after.add(at)
        elif here == MARK or (here == part and part is not None):
            after.add(at + 1)
    return _closure(wide, frozenset(after))
