"""Each network path of the cases: the verdict, the code, the blocks, and the first change, which is enough."""

import pytest
from network_cases import CASES

from undeny.reach import reach


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_path_is_as_its_source_says(case):
    _, source, question, verdict, code, blocks, operations = case
    assert source.startswith("https://")
    found = reach(question)
    assert (found.verdict, found.code) == (verdict, code), found.summary
    seen = {hop.code for path in found.paths for hop in path.blocked}
    assert seen == set(blocks), found.summary
    first = [step.operation.partition(":")[2] for step in found.changes[0].steps] if found.changes else []
    assert first == operations
    assert all(change.suffices is not False for change in found.changes)


def test_there_are_enough_cases_of_every_verdict():
    verdicts = [case[3] for case in CASES]
    assert len(CASES) >= 60
    assert min(verdicts.count(one) for one in ("reachable", "blocked", "unknown")) >= 6


def test_every_sentence_stands_once():
    assert len({case[0] for case in CASES}) == len(CASES)
