"""Wildcards match what a regular expression built from the pattern matches, on texts derived from the pattern."""

import re
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undeny.iam import wildcard

examples = settings(max_examples=600, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
patterns = st.text(alphabet="ab:/*?\n", max_size=14)
arn_patterns = st.builds(
    lambda service, region, account, rest: f"arn:aws:{service}:{region}:{account}:{rest}",
    *[st.text(alphabet="ab*?", max_size=4)] * 3,
    st.text(alphabet="ab:/*?\n", max_size=8),
)


def text_from(pattern: str, rng: Random) -> str:
    """A text that the pattern matches, or nearly."""
    found = "".join(
        rng.choice("ab:/\n") if c == "?" else "".join(rng.choices("ab:/\n", k=rng.randrange(4))) if c == "*" else c for c in pattern
    )
    if found and rng.randrange(3) == 0:
        at = rng.randrange(len(found))
        return found[:at] + rng.choice(("", "a", ":")) + found[at + 1 :]
    return found


def regex(pattern: str, many: str = ".*", one: str = ".") -> str:
    return "".join({"*": many, "?": one}.get(c, re.escape(c)) for c in pattern)


@examples
@given(patterns, st.integers(0, 2**32 - 1).map(Random))
def test_a_wildcard_equals_a_regular_expression(pattern: str, rng: Random):
    text = text_from(pattern, rng)
    assert wildcard.matches(pattern, text) == bool(re.fullmatch(regex(pattern), text, re.DOTALL))
    assert wildcard.matches(pattern, text.upper(), ignore_case=True) == bool(re.fullmatch(regex(pattern), text, re.DOTALL | re.IGNORECASE))


@examples
@given(arn_patterns, st.integers(0, 2**32 - 1).map(Random))
def test_in_a_resource_only_a_segments_last_star_runs_past_a_colon(pattern: str, rng: Random):
    text = text_from(pattern, rng)
    *head, last = pattern.split(":", 5)
    segments = [regex(part[:-1], "[^:]*", "[^:]") + ".*" if part.endswith("*") else regex(part, "[^:]*", "[^:]") for part in head]
    assert wildcard.arn_matches(pattern, text) == bool(re.fullmatch(":".join([*segments, regex(last)]), text, re.DOTALL))


@examples
@given(arn_patterns, st.integers(0, 2**32 - 1).map(Random))
def test_an_arn_operator_compares_each_of_six_parts_by_itself(pattern: str, rng: Random):
    text = text_from(pattern, rng)
    parts, got = pattern.split(":", 5), text.split(":", 5)
    each = len(got) == 6 and all(re.fullmatch(regex(p), t, re.DOTALL) for p, t in zip(parts, got, strict=True))
    assert wildcard.arn_like(pattern, text) == bool(each)


@examples
@given(patterns, patterns, st.integers(0, 2**32 - 1).map(Random))
def test_a_pattern_that_covers_another_matches_all_its_texts(wider: str, narrower: str, rng: Random):
    if wildcard.covers(wider, narrower):
        text = "".join(
            rng.choice("ab:/\n") if c == "?" else "".join(rng.choices("ab:/\n", k=rng.randrange(4))) if c == "*" else c for c in narrower
        )
        assert wildcard.matches(wider, text)
