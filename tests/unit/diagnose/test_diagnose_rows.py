"""The measured figures as floors, over real cases (`tests/data/README.md` says where they are from)."""

import json
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

import undeny
from undeny import calls, decide, evidence
from undeny.denial.model import Denial
from undeny.diagnose import diagnose
from undeny.diagnose.model import Case

DATA = Path(__file__).parents[2] / "data"


@cache
def rows(name):
    return tuple(json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines())


@cache
def explained(name):
    return tuple(undeny.explain(row["input"]) for row in rows(name))


def buckets(row):
    return row["expect"].get("buckets") or [row["expect"]["bucket"]]


def place(row, found):
    """Give the place of the first right code among the causes, from 0; 99 where none is right."""
    codes = [found.cause.code, *(cause.code for cause in found.other_causes)]
    return next((i for i, code in enumerate(codes) if any(fnmatchcase(code, right) for right in row["expect"]["codes"])), 99)


def share(rows_, holds):
    return sum(map(bool, holds)) / len(rows_)


def diagnosed(needs):
    return [(row, found) for row, found in zip(rows("diagnoses"), explained("diagnoses"), strict=True) if row["needs"] == needs]


def test_with_evidence_the_first_cause_is_right():
    pairs = diagnosed("evidence")
    assert share(pairs, [place(row, found) == 0 for row, found in pairs]) >= 0.98


def test_with_evidence_the_right_cause_is_among_the_first_three():
    pairs = diagnosed("evidence")
    assert share(pairs, [place(row, found) < 3 for row, found in pairs]) >= 0.99


def test_from_text_alone_the_first_cause_is_mostly_right():
    pairs = diagnosed("text")
    assert share(pairs, [place(row, found) == 0 for row, found in pairs]) >= 0.93
    assert share(pairs, [place(row, found) < 3 for row, found in pairs]) >= 0.96


def test_the_bucket_is_right():
    pairs = list(zip(rows("diagnoses"), explained("diagnoses"), strict=True))
    assert share(pairs, [found.bucket in buckets(row) for row, found in pairs]) >= 0.98


def test_nothing_wrong_is_called_proven_and_no_text_alone_is():
    for row, found in zip(rows("diagnoses"), explained("diagnoses"), strict=True):
        if found.cause.certainty == "proven":
            assert row["needs"] == "evidence", row["id"]
            assert place(row, found) == 0, row["id"]


def judged(mapping):
    """Diagnose a self-contained scenario without looking for fixes."""
    read = evidence.scenario.read(mapping)
    requests = calls.expand(read.request, {arn: thing.settings for arn, thing in read.evidence.resources.items()})
    verdicts = tuple(decide.decide(request, read.evidence, main=requests[0]) for request in requests)
    return diagnose(Case(denial=Denial(), requests=requests, verdicts=verdicts, evidence=read.evidence))


@pytest.mark.parametrize("layer", ["identity", "resource", "boundary", "session", "endpoint", "scp", "rcp"])
def test_whatever_layer_is_unread_nothing_wrong_is_called_proven(layer):
    for row in rows("diagnoses"):
        if row["needs"] == "evidence":
            mapping = row["input"] | {"policies": row["input"]["policies"] | {layer: "unknown"}}
            found = judged(mapping)
            assert found.cause.certainty != "proven" or place(row, found) == 0, row["id"]


def test_no_text_is_wrongly_stated():
    for row, found in [*zip(rows("triage"), explained("triage"), strict=True), *diagnosed("text")]:
        if found.cause.certainty == "stated":
            assert place(row, found) == 0, row["id"]


@pytest.mark.parametrize("bucket", sorted({row["expect"]["bucket"] for row in rows("triage")}))
def test_texts_are_put_into_their_bucket(bucket):
    pairs = [(r, f) for r, f in zip(rows("triage"), explained("triage"), strict=True) if r["expect"]["bucket"] == bucket]
    assert share(pairs, [found.bucket in buckets(row) for row, found in pairs]) == 1.0


@pytest.mark.parametrize("name", ["triage", "diagnoses"])
def test_every_summary_is_one_line_and_every_other_cause_another_code(name):
    for found in explained(name):
        causes = (found.cause, *found.other_causes)
        assert len({cause.code for cause in causes}) == len(causes)
        assert all(cause.summary and "\n" not in cause.summary for cause in causes)
        assert not {cause.code for cause in causes} & {out.code for out in found.ruled_out}
