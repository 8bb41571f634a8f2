import itertools
import time

import pytest

from undeny.iam import wildcard


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "", True),
        ("a*c", "abbbc", True),
        ("a*c", "abbbcd", False),
        ("a?c", "ac", False),
        ("a?c", "a\nc", True),
        ("*b*b*", "abab", True),
        ("*b*b*", "ab", False),
        ("a.c", "abc", False),
        ("[a]*", "[a]b", True),
        ("a**c", "ac", True),
    ],
)
def test_a_pattern_fits_whole_texts(pattern: str, text: str, fits):
    assert wildcard.matches(pattern, text) is fits


def test_case_counts_unless_it_is_to_be_ignored():
    assert not wildcard.matches("s3:Get*", "S3:getobject")
    assert wildcard.matches("s3:Get*", "S3:getobject", ignore_case=True)


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", True),
        ("arn:aws:sns:eu*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", True),
        ("arn:aws:sns:*1:topic", "arn:aws:sns:eu-west-1:111122223333:topic", False),
        ("arn:aws:sns:*3:topic", "arn:aws:sns:eu-west-1:111122223333:topic", False),
        ("arn:aws:s3:*:*:b", "arn:aws:s3:::b", True),
        ("arn:aws:s3:?:?:b", "arn:aws:s3:::b", False),
        ("arn:aws:logs:*:*:log-group:*:log-stream:x", "arn:aws:logs:r:a:log-group:g:log-stream:x", True),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/:", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::B/x", False),
        ("*", "*", True),
        ("arn:*", "*", False),
        ("arn:*", "arn:aws:s3:::b", True),
    ],
)
def test_a_resource_pattern_keeps_to_its_segments(pattern: str, arn: str, fits):
    assert wildcard.arn_matches(pattern, arn) is fits


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:iam::*:role/A*", "arn:aws:iam::111122223333:role/Admin/x", True),
        ("arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", False),
        ("arn:aws:*:*:*:*", "arn:aws:iam::111122223333:role/x:y", True),
        ("*", "arn:aws:iam::111122223333:role/x", False),
    ],
)
def test_arn_like_compares_six_parts_each_by_itself(pattern: str, arn: str, fits):
    assert wildcard.arn_like(pattern, arn) is fits


def test_covers_says_what_enumeration_says():
    patterns = ["".join(letters) for size in range(4) for letters in itertools.product("a*?", repeat=size)]
    texts = ["".join(letters) for size in range(6) for letters in itertools.product("ab", repeat=size)]
    language = {pattern: frozenset(text for text in texts if wildcard.matches(pattern, text)) for pattern in patterns}
    for wider, narrower in itertools.product(patterns, repeat=2):
        assert wildcard.covers(wider, narrower) == (language[wider] >= language[narrower]), (wider, narrower)


def test_a_hostile_pattern_takes_no_time():
    start = time.process_time()
    assert not wildcard.matches("*a" * 40 + "b", "a" * 4000)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("arn:aws:s3:::a*", "arn:aws:s3:::*z", True),
        ("a?", "b*", False),
        ("*", "", True),
        ("a*c", "a?c", True),
        ("a?c", "ac", False),
        ("arn:aws:sqs:*:*:orders", "*", True),
        ("arn:aws:kms:eu-west-1:1:alias/*", "arn:aws:kms:eu-west-1:1:key/*", False),
    ],
)
def test_two_patterns_overlap_where_some_text_fits_both(one: str, other: str, shared):
    assert wildcard.overlaps(one, other) is shared
    assert wildcard.overlaps(other, one) is shared
