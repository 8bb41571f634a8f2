"""By what a denial is known again, how long it is watched at least, and that a look that fails loses nothing."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from undeny.change.store import Store
from undeny.change.watching import LATE, Mark, Sighting, Watcher, alike, least
from undeny.errors import UndenyError

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/team/App"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
MARK = Mark(principal=ROLE, action="sqs:SendMessage", resource=QUEUE, cause="explicit, service_control")
SEEN = Sighting(
    event="e1",
    time=BEGUN + timedelta(hours=1),
    principal="arn:aws:sts::111122223333:assumed-role/App/i-1",
    action="sqs:sendmessage",
    resource=QUEUE,
    cause="explicit, service_control",
)


@pytest.fixture
def hours():
    return [0.0]


@pytest.fixture
def watcher(tmp_path, hours):
    return Watcher(Store(tmp_path), clock=lambda: BEGUN + timedelta(hours=hours[0]))


@pytest.fixture
def record(tmp_path):
    store = Store(tmp_path)
    return store.change(store.begin_change({"fix": {}, "account": "111122223333", "by": "x"}))


@pytest.mark.parametrize(
    ("differs", "same"),
    [
        ({}, True),
        ({"cause": None}, True),
        ({"resource": None}, True),
        ({"cause": "implicit, identity_based"}, False),
        ({"action": "sqs:ReceiveMessage"}, False),
        ({"resource": f"{QUEUE}-2"}, False),
        ({"principal": "arn:aws:sts::444455556666:assumed-role/App/i-1"}, False),
        ({"principal": "arn:aws:iam::111122223333:user/App"}, False),
    ],
)
def test_a_denial_is_known_again_by_who_what_on_what_and_why(differs, same):
    assert alike(MARK, msgspec.structs.replace(SEEN, **differs)) is same


@pytest.mark.parametrize(("action", "hours"), [("route53:ListHostedZones", 12), ("cloudfront:GetDistribution", 12), ("sqs:SendMessage", 0)])
def test_what_names_or_edges_bear_on_is_watched_for_half_a_day_at_least(record, action, hours):
    assert least(record, Mark(principal=ROLE, action=action)) == timedelta(hours=hours)


def test_a_look_that_fails_is_counted_and_the_next_one_asks_for_the_same_time(watcher, record, hours):
    watcher.begin(record, MARK, timedelta(hours=48))
    hours[0] = 2

    def broken(_since):
        raise UndenyError("AWS throttled it", exit_status=3)

    with pytest.raises(UndenyError):
        watcher.look(record.id, broken)
    asked = []
    hours[0] = 3
    watch = watcher.look(record.id, lambda since: asked.append(since) or [SEEN])
    assert asked == [BEGUN]
    assert (watch.failed, watch.looks, watch.fresh) == (1, 1, (SEEN,))
    hours[0] = 4
    watcher.told(record.id, watch.fresh)
    watch = watcher.look(record.id, lambda since: asked.append(since) or [SEEN])
    assert asked[1] == BEGUN + timedelta(hours=3) - LATE
    assert (watch.fresh, watch.returned) == ((), (SEEN,))


def test_a_watch_ends_once_the_last_events_can_have_come_and_goes_on_where_it_is_made_longer(watcher, record, hours):
    watcher.begin(record, MARK, timedelta(hours=48))
    hours[0] = 48.1
    assert not watcher.look(record.id, lambda _: []).over
    hours[0] = 48.5
    assert watcher.look(record.id, lambda _: []).over
    assert watcher.watches() == ()
    hours[0] = 49
    assert not watcher.begin(record, MARK, timedelta(hours=24)).over
    late = msgspec.structs.replace(SEEN, event="e2", time=BEGUN + timedelta(hours=200))
    assert watcher.look(record.id, lambda _: [late]).returned == ()


def test_a_change_without_a_watch_is_told(watcher, record):
    with pytest.raises(UndenyError, match="is not watched"):
        watcher.state(record.id)
