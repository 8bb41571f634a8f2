"""A denial that comes back is the same caller, action, thing and cause at another time; the same request explained twice is one."""

from datetime import UTC, datetime, timedelta

import pytest

from undeny.change.again import again, fingerprint
from undeny.change.store import Store


def explanation(**told):
    denial = {"principal": "arn:aws:sts::111122223333:assumed-role/App/i-0abc", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}
    return {"denial": denial | told, "cause": {"code": told.pop("code", "identity-missing-allow")}}


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    return Store(tmp_path, clock=clock)


def test_another_session_object_and_spelling_are_the_same_denial():
    same = explanation(
        principal="arn:aws:sts::111122223333:assumed-role/App/i-0def", action="S3:getobject", resource="arn:aws:s3:::b/other"
    )
    assert fingerprint(same) == fingerprint(explanation())


def test_another_role_action_bucket_or_cause_is_another_denial():
    others = [
        explanation(principal="arn:aws:iam::111122223333:role/Other"),
        explanation(action="s3:PutObject"),
        explanation(resource="arn:aws:s3:::c/k"),
        {**explanation(), "cause": {"code": "scp-explicit-deny"}},
    ]
    assert len({fingerprint(one) for one in (*others, explanation())}) == 5


def test_three_requests_are_three_times_and_one_explained_thrice_is_one(store):
    for _ in range(3):
        store.save_explanation(explanation(request_id="A"))
    assert again(store, explanation()).times == 1
    for name in ("B", "C"):
        store.save_explanation(explanation(request_id=name))
    met = again(store, explanation())
    assert (met.times, met.first) == (3, datetime(2026, 11, 1, tzinfo=UTC))


def test_without_an_id_what_lies_an_hour_apart_is_two(store, clock):
    for minutes in (0, 5, 10, 90, 95, 200):
        clock.now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        store.save_explanation(explanation())
    assert again(store, explanation()).times == 3
