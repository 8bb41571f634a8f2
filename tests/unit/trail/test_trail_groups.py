"""Denials become groups by who, what and cause; what was not asked for is left out; memory is bounded."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from undeny.errors import UndenyError
from undeny.trail import groups as grouping
from undeny.trail import scan as scanning
from undeny.trail.groups import Groups, pattern
from undeny.trail.model import Piece, Question, Tally
from undeny.trail.places import delivered_before, on_disk
from undeny.trail.refused import refused
from undeny.trail.scan import Scan
from undeny.trail.since import moment

ACCOUNT = "111122223333"


def event(number=0, *, role="App", session="i-1", call="s3:GetObject", code="AccessDenied", **more):
    source, _, name = call.partition(":")
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"
    action = more.pop("action", call)
    thing = more.pop("thing", "arn:aws:s3:::logs/a")
    sentence = f"User: {arn} is not authorized to perform: {action} on resource: {thing} because no identity-based policy allows the {action} action"
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/service/{role}"}
    made = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "arn": arn, "sessionContext": {"sessionIssuer": issuer}},
        "eventTime": f"2026-11-24T12:{number // 60:02}:{number % 60:02}Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "requestID": f"R{number}",
        "eventID": f"E{number}",
    }
    failed = {} if code is None else {"errorCode": code, "errorMessage": more.pop("message", sentence)}
    return made | failed | more


def found(events, question=None, tally=None, form="records"):
    tally = tally or Tally()
    text = json.dumps({"Records": list(events)}) if form == "records" else form
    piece = Piece(name="file", size=len(text), open=lambda: [text.encode()])
    groups = Groups(tally)
    for seen in Scan(question or Question(), tally).pieces([piece]):
        groups.add(seen)
    return groups.told(), tally


def test_sessions_of_a_role_are_one_caller_and_things_of_a_kind_one_pattern():
    told, tally = found(event(n, session=f"i-{n}", thing=f"arn:aws:s3:::logs/2026/{n}") for n in range(5))
    (group,) = told
    assert (group.who, group.what, group.denials, group.sessions) == (f"arn:aws:iam::{ACCOUNT}:role/service/App", "s3:GetObject", 5, 5)
    assert group.on == "arn:aws:s3:::logs/2026/*"
    assert group.event_ids == ("E4", "E3", "E2", "E1", "E0")
    assert (group.cause, group.certainty) == ("identity-missing-allow", "stated")
    assert (tally.events, tally.denials) == (5, 5)


def test_another_cause_is_another_group_and_the_newest_comes_first():
    lock = "arn:aws:organizations::999999999999:policy/o-abc/service_control_policy/p-lock"
    denied = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/App/i is not authorized to perform: s3:GetObject with an explicit deny in a service control policy: {lock}"
    told, _ = found([event(1), event(9, message=denied), event(2)])
    assert [(g.cause, g.denials) for g in told] == [("scp-explicit-deny", 1), ("identity-missing-allow", 2)]
    assert told[0].sample.policy_arn == lock


def test_calls_that_passed_or_failed_for_another_reason_are_no_denials():
    told, tally = found([event(1, code=None), event(2, code="NoSuchKey", message="The specified key does not exist."), event(3)])
    assert [g.event_ids for g in told] == [("E3",)]
    assert tally.events == 3
    every, _ = found([event(2, code="NoSuchKey", message="The specified key does not exist."), event(3)], Question(any_error=True))
    assert sum(g.denials for g in every) == 2


def test_an_event_that_two_trails_hold_is_counted_once():
    told, tally = found([event(1), event(1), event(2), event(3, sharedEventID="S"), event(4, sharedEventID="S")])
    assert ([g.denials for g in told], tally.doubles) == ([3], 2)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        (Question(event_id="E1"), {"E1"}),
        (Question(request_id="R2"), {"E2"}),
        (Question(name="PutObject"), {"E2"}),
        (Question(name="s3:putobject"), {"E2"}),
        (Question(name="kms:PutObject"), set()),
        (Question(name="iam:PassRole"), {"E3"}),
        (Question(name="CreateFunction"), {"E4"}),
        (Question(principal=f"arn:aws:iam::{ACCOUNT}:role/service/Batch"), {"E2"}),
        (Question(principal=f"arn:aws:iam::{ACCOUNT}:role/Batch"), {"E2"}),
        (Question(principal="Batch"), {"E2"}),
        (Question(principal="i-7"), {"E3"}),
        (Question(principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-7"), {"E3"}),
        (Question(principal="arn:aws:iam::999999999999:role/service/Batch"), set()),
        (Question(since=datetime(2026, 11, 24, 12, 0, 3, tzinfo=UTC)), {"E3", "E4"}),
    ],
)
def test_only_what_was_asked_for_is_found(question, wanted):
    events = [
        event(1),
        event(2, role="Batch", call="s3:PutObject"),
        event(3, session="i-7", call="ec2:RunInstances", code="Client.UnauthorizedOperation", action="iam:PassRole"),
        event(4, call="lambda:CreateFunction20150331", code="AccessDeniedException", action="lambda:CreateFunction"),
    ]
    told, _ = found(events, question)
    assert {i for g in told for i in g.event_ids} == wanted


def test_an_id_whose_call_passed_is_said():
    _, tally = found([event(1, code=None)], Question(event_id="E1"))
    assert tally.allowed == ["GetObject at 2026-11-24T12:00:01Z"]


def test_documents_of_other_shapes_are_read_too():
    looked_up = json.dumps({"Events": [{"EventId": "E1", "CloudTrailEvent": json.dumps(event(1))}]}, indent=1)
    bridged = "\n".join(json.dumps({"detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "detail": event(n)}) for n in (1, 2))
    for text, many in ((looked_up, 1), (json.dumps(event(1)), 1), (bridged, 2)):
        told, _ = found((), form=text)
        assert [(g.what, g.denials) for g in told] == [("s3:GetObject", many)], text[:60]


def test_a_field_of_another_kind_does_not_lose_the_denial():
    told, _ = found([event(1, resources="none"), event(2)])
    assert sum(g.denials for g in told) == 2


def test_kinds_beyond_the_bound_are_counted_and_not_kept(monkeypatch):
    monkeypatch.setattr(grouping, "MOST", 3)
    told, tally = found(event(n, call=f"s3:Get{'ABCDEFG'[n]}") for n in range(7))
    assert (len(told), tally.beyond, tally.denials) == (3, 4, 7)


def test_ids_and_things_that_are_kept_are_the_newest_and_few():
    told, _ = found(event(n, thing=f"arn:aws:s3:::logs/{n}") for n in range(300))
    (group,) = told
    assert (group.denials, len(group.event_ids), len(group.resources)) == (300, grouping.KEPT, grouping.KEPT)
    assert group.event_ids[0] == "E299"
    assert group.first == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_interrupt_keeps_what_was_found_until_then():
    tally = Tally()

    def broken():
        yield json.dumps({"Records": [event(1)]}).encode()
        raise KeyboardInterrupt

    pieces = [
        Piece(name="one", size=1, open=lambda: [json.dumps({"Records": [event(0)]}).encode()]),
        Piece(name="two", size=1, open=broken),
    ]
    assert [seen.event.eventID for seen in Scan(Question(), tally).pieces(pieces)] == ["E0"]
    assert tally.stopped


def test_a_pattern_is_no_wider_than_its_kind():
    assert pattern(("arn:aws:iam::1:role/a", "arn:aws:s3:::b")) is None
    assert pattern(("arn:aws:s3:::a", "arn:aws:s3:::b")) is None
    assert pattern(()) is None


@pytest.mark.parametrize(
    ("code", "message", "is_one"),
    [
        ("AccessDenied", None, True),
        ("Client.UnauthorizedOperation", "You are not authorized to perform this operation.", True),
        ("VpceAccessDenied", "The request was denied due to a VPC endpoint policy", True),
        ("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", True),
        ("InvalidInputException", "CodeBuild is not authorized to perform: sts:AssumeRole on service role", True),
        ("NoSuchBucketPolicy", "The bucket policy does not exist", False),
        ("ResourceConflictException", "The statement id (x) provided already exists.", False),
        ("ThrottlingException", "Rate exceeded", False),
        (None, None, False),
    ],
)
def test_a_refusal_is_told_by_its_code_or_its_sentence(code, message, is_one):
    assert refused(code, message) is is_one


def test_spans_and_times_are_read_and_nothing_else():
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert moment("15m", now) == now - timedelta(minutes=15)
    assert moment("7d", now) == now - timedelta(days=7)
    assert moment("2026-11-24", now) == datetime(2026, 11, 24, tzinfo=UTC)
    for text in ("", "soon", "15", "999999w", "-3h"):
        with pytest.raises(UndenyError, match="no span of time"):
            moment(text, now)


def test_files_delivered_before_the_span_and_folders_without_calls_are_left_out(tmp_path):
    old = f"{ACCOUNT}_CloudTrail_eu-west-1_20261101T1805Z_abcdefgh.json.gz"
    new = f"{ACCOUNT}_CloudTrail_eu-west-1_20261124T1805Z_abcdefgh.json.gz"
    for path in (f"CloudTrail/{old}", f"CloudTrail/{new}", f"CloudTrail-Digest/{new}", "notes.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"{}")
    since = datetime(2026, 11, 24, tzinfo=UTC)
    assert [p.name.rpartition("/")[2] for p in on_disk([str(tmp_path)], since)] == [new]
    assert {p.name.rpartition("/")[2] for p in on_disk([str(tmp_path)], None)} == {old, new}
    assert not delivered_before("other.json.gz", since)


def test_what_a_scan_remembers_is_bounded(monkeypatch):
    monkeypatch.setattr(scanning, "DOUBLES", 2)
    _, tally = found([event(n) for n in (1, 2, 3, 3)])
    assert (tally.doubles, tally.denials) == (0, 4)


def test_problems_are_kept_to_a_number_and_counted_beyond():
    tally = Tally()
    for n in range(500):
        tally.problem(UndenyError(f"file {n}"))
    assert (len(tally.problems), tally.more_problems) == (200, 300)


def test_a_file_that_cannot_be_opened_is_a_problem_and_the_next_is_read(tmp_path):
    tally = Tally()

    def gone():
        yield from open(tmp_path / "gone", "rb")  # noqa: PTH123, SIM115 - it is not there

    text = json.dumps({"Records": [event(1)]}).encode()
    pieces = [Piece(name="gone", size=1, open=gone), Piece(name="there", size=1, open=partial(list, [text]))]
    assert len(list(Scan(Question(), tally).pieces(pieces))) == 1
    assert [problem.code for problem in tally.problems] == ["unreadable-file"]


def test_only_events_are_counted_as_events_whatever_holds_them():
    lines = "\n".join(
        [json.dumps({"note": 1}), json.dumps(event(1)), json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": event(2)})]
    )
    looked_up = json.dumps({"Events": [{"EventId": f"E{n}", "CloudTrailEvent": json.dumps(event(n))} for n in (1, 2)]}, indent=1)
    for text in (lines, looked_up):
        _, tally = found((), form=text)
        assert (tally.events, tally.denials) == (2, 2), text[:60]


def test_an_apostrophe_hides_no_part_of_a_sentence_and_a_quoted_name_makes_no_group():
    told, _ = found(
        [
            event(1, code="AccessDeniedException", message="You don't have access: no policy allows it, and it isn't shared with 'alice'"),
            event(
                2,
                code="AccessDeniedException",
                message="You don't have access: an explicit deny in a service control policy isn't lifted for 'bob'",
            ),
            event(
                3,
                code="AccessDeniedException",
                message="You don't have access: an explicit deny in a service control policy isn't lifted for 'ann'",
            ),
        ]
    )
    assert sorted(g.denials for g in told) == [1, 2]
