import re
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undeny.iam import wildcard
from undeny.prove.containment import patterns
from undeny.prove.containment.language import EFFORT, Language, exactly, find_word, language, matches

examples = settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
globs = st.text(alphabet="ab*?", max_size=6)


def regex(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)


@examples
@given(st.lists(globs, min_size=1, max_size=3), st.lists(globs, max_size=3))
def test_a_word_found_is_in_all_of_these_and_in_none_of_those(within: list[str], outside: list[str]):
    EFFORT.set([100_000])
    word = find_word([language(one) for one in within], [language(one) for one in outside])
    if word is not None:
        assert all(re.fullmatch(regex(one), word, re.DOTALL) for one in within)
        assert not any(re.fullmatch(regex(one), word, re.DOTALL) for one in outside)


@examples
@given(st.lists(globs, min_size=1, max_size=2), st.lists(globs, max_size=2), st.text(alphabet="abc", max_size=7))
def test_where_no_word_is_found_none_is_there(within: list[str], outside: list[str], text: str):
    EFFORT.set([100_000])
    if find_word([language(one) for one in within], [language(one) for one in outside]) is None:
        inside = all(re.fullmatch(regex(one), text) for one in within)
        assert not inside or any(re.fullmatch(regex(one), text) for one in outside)


@examples
@given(st.text(alphabet="ab:*?", max_size=14), st.integers(0, 2**32 - 1).map(Random))
def test_a_resource_pattern_matches_what_the_engine_matches(pattern: str, rng: Random):
    text = "".join(rng.choice(("a", ":", "b:")) if c in "*?" else c for c in pattern)
    known = Language(frozenset({patterns.resource(pattern, None)}))
    assert matches(known, text) == wildcard.arn_matches(pattern, text)


def test_a_shortest_word_outside_four_characters_has_none():
    EFFORT.set([100_000])
    assert find_word([language("logs-*")], [language("logs-????")]) == "logs-"


def test_without_case_both_cases_are_one_word():
    EFFORT.set([100_000])
    assert find_word([language("GET*", fold=True)], [language("get*")]) not in (None, "get")
    assert find_word([exactly("Get", fold=True)], [exactly("GET", fold=True)]) is None
