from datetime import UTC, datetime

import msgspec

from undeny.evidence import scenario
from undeny.evidence.joined import join
from undeny.evidence.model import Change, Gap, Policy

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
BUCKET, KEY = "arn:aws:s3:::b", "arn:aws:kms:eu-west-1:444455556666:key/k"


def read(resources=None, gaps=(), **policies):
    held = {"boundary": None, "session": None, "endpoint": None, "rcp": []} | policies
    return scenario.read({"policies": held, "resources": resources or {}, "gaps": [{"what": gap} for gap in gaps]}).evidence


def test_what_one_reader_could_not_read_is_the_others():
    mine = read({BUCKET: {"policy": "unknown"}}, identity=[{"name": "p", "policy": ALLOW}], resource="unknown", scp=[])
    theirs = read({BUCKET: {"policy": ALLOW}, KEY: {"policy": ALLOW}}, identity="unknown", resource=ALLOW, scp="unknown")
    both = join(mine, theirs)
    assert [policy.name for policy in both.policies.identity] == ["p"]
    assert isinstance(both.policies.resource, Policy)
    assert both.policies.scp == ()
    assert isinstance(both.resources[BUCKET].policy, Policy)
    assert KEY in both.resources


def test_what_neither_read_stays_a_gap_and_only_that():
    both = join(
        read(gaps=["a", "b"], identity="unknown", resource=None, scp=[]), read(gaps=["b", "c"], identity="unknown", resource=None, scp=[])
    )
    assert isinstance(both.policies.identity, Gap)
    assert [gap.what for gap in both.gaps] == ["b"]


def test_what_both_read_is_the_firsts():
    first = read(identity=[{"name": "p", "policy": ALLOW}], resource=None, scp=[])
    second = read(identity=[{"name": "q", "policy": ALLOW}], resource=ALLOW, scp=[{"target": "r-1", "policies": []}])
    assert join(first, second).policies == first.policies


def test_an_unread_level_is_filled_by_the_other_reader():
    first = read(identity=[], resource=None, scp=[{"target": "r-1", "policies": "unknown"}, {"target": "1", "policies": []}])
    second = read(
        identity=[],
        resource=None,
        scp=[{"target": "r-1", "policies": [{"name": "Full", "policy": ALLOW}]}, {"target": "1", "policies": "unknown"}],
    )
    root, account = join(first, second).policies.scp
    assert [policy.name for policy in root.policies] == ["Full"]
    assert account.policies == ()


def test_changes_of_both_are_told_once_in_order():
    def change(minute, event):
        return Change(time=datetime(2026, 11, 20, 9, minute, tzinfo=UTC), by="role ci", event=event, on="App")

    first = msgspec.structs.replace(read(identity=[], resource=None, scp=[]), changed_lately=(change(5, "B"),))
    second = msgspec.structs.replace(first, changed_lately=(change(1, "A"), change(5, "B")))
    assert [one.event for one in join(first, second).changed_lately] == ["A", "B"]
