"""An alarm on a denial: what it counts, what it would have done, and the code that makes it."""

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import boto3
import hcl2
import msgspec
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner
from moto import mock_aws
from moto.events.models import EventPattern

from generators.trails import ARN, BEGIN, INCIDENT, NOISE, event, steady, trail, weekly
from mocked import set_environment
from undeny import guard
from undeny.denial.events import denial_of_event
from undeny.denial.model import Denial
from undeny.emit.guard import alarm as codes
from undeny.errors import UndenyError
from undeny.guard import event_pattern, pattern
from undeny.guard.backtest import backtest
from undeny.guard.counting import Counted, counted, incident_start
from undeny.guard.model import Alarm, Clause
from undeny.trail.model import Piece, Question, Tally
from undeny.trail.scan import Scan

DENIED = denial_of_event(event(INCIDENT + timedelta(minutes=5)))
OTHERS = {
    "another caller": {"userIdentity": {"type": "AssumedRole", "arn": ARN.replace("/App/", "/Other/")}},
    "another call": {"eventName": "GetObject"},
    "another service": {"eventSource": "sqs.amazonaws.com"},
    "another error": {"errorCode": "NoSuchBucket"},
    "an AWS service for the caller": {"userIdentity": {"type": "AssumedRole", "arn": ARN, "invokedBy": "cloudformation.amazonaws.com"}},
    "an AWS service by its address": {"sourceIPAddress": "config.amazonaws.com"},
    "a call without an error": {"errorCode": None},
}


def as_pieces(events):
    text = json.dumps({"Records": events}).encode()
    return [Piece(name="trail", size=len(text), open=lambda: iter([text]))]


def chosen(times, told=INCIDENT, kind=None):
    counts = Counted(times=tuple(times), first=min([*times, BEGIN.timestamp()]), seen=len(times))
    return guard.chosen(counts, incident_start(counts, told), kind)


def test_the_pattern_counts_the_denial_and_no_other_call():
    watch = guard.watch_for(DENIED)
    fits = pattern.read(pattern.write(watch))
    assert fits(event(INCIDENT))
    assert [name for name, more in OTHERS.items() if fits(event(INCIDENT, **more))] == []


def test_an_event_rule_lets_through_what_the_filter_counts_and_an_outside_matcher_agrees():
    watch = guard.watch_for(DENIED)
    wanted = event_pattern.write(watch)
    outside = EventPattern(json.dumps(wanted), wanted)
    for more in ({}, *OTHERS.values()):
        one = {key: value for key, value in event(INCIDENT, **more).items() if value is not None}
        sent = {"detail-type": "AWS API Call via CloudTrail", "detail": one}
        said = pattern.read(pattern.write(watch))(one)
        assert event_pattern.matches(wanted, sent) is said
        assert outside.matches_event(sent) is said


@pytest.mark.parametrize(
    ("denial", "clause"),
    [
        (Denial(principal="arn:aws:iam::111122223333:role/team/App"), Clause("userIdentity.arn", "=", (ARN.rpartition("/")[0] + "/*",))),
        (Denial(principal="arn:aws:iam::111122223333:user/a/b"), Clause("userIdentity.arn", "=", ("arn:aws:iam::111122223333:user/a/b",))),
        (Denial(principal="anonymous"), Clause("userIdentity.accountId", "=", ("anonymous",))),
        (Denial(principal="lambda.amazonaws.com"), Clause("userIdentity.invokedBy", "=", ("lambda.amazonaws.com",))),
        (Denial(invoked_by="cloudformation.amazonaws.com"), Clause("userIdentity.invokedBy", "=", ("cloudformation.amazonaws.com",))),
        (Denial(operation="CreateFunction", service="lambda"), Clause("eventName", "=", ("CreateFunction", "CreateFunction20*"))),
        (Denial(action="s3:PutObject"), Clause("eventName", "=", ("PutObject",))),
        (Denial(error_code="Client.UnauthorizedOperation"), Clause("errorCode", "=", ("*UnauthorizedOperation",))),
        (
            Denial(action="iam:PassRole", operation="RunInstances", service="ec2", message="not authorized to perform: iam:PassRole on x"),
            Clause("errorMessage", "=", ("*iam:PassRole*",)),
        ),
    ],
)
def test_what_is_known_of_a_denial_becomes_a_clause(denial, clause):
    assert clause in guard.watch_for(denial).clauses


def test_an_action_without_an_operation_is_looked_for_in_the_sentences_of_every_service():
    told = guard.watch_for(Denial(action="iam:PassRole", message="User: x is not authorized to perform: iam:PassRole on resource: y"))
    assert [clause.field for clause in told.clauses if clause.field.startswith("event")] == []
    assert Clause("errorMessage", "=", ("*iam:PassRole*",)) in told.clauses


def test_what_is_not_known_is_said():
    notes = " ".join(guard.watch_for(Denial(message="Access Denied")).notes)
    assert "--principal" in notes
    assert "--action" in notes


@pytest.mark.parametrize(
    "text",
    ["", "{ }", '{ $.a = "b"', '{ $.a == "b" }', "{ $.a = b }", '{ ($.a = "b" }', '{ $.a = "b" } x', '{ a = "b" }', '{ $.a = "b" && }'],
)
def test_a_pattern_that_cloudwatch_would_refuse_is_refused(text):
    with pytest.raises(UndenyError, match="filter pattern"):
        pattern.read(text)


def test_a_field_that_is_not_there_is_neither_equal_nor_unequal():
    assert not pattern.read('{ $.a != "x" }')({})
    assert not pattern.read('{ $.a = "x" }')({})
    assert pattern.read('{ $.a[1].b = "x*" || $.c IS TRUE }')({"a": [1, {"b": "xy"}]})


def test_a_pattern_longer_than_cloudwatch_takes_is_refused():
    watch = msgspec.structs.replace(guard.watch_for(DENIED), clauses=(Clause("a", "=", ("x" * 1100,)),))
    with pytest.raises(UndenyError, match="1,024"):
        pattern.write(watch)


@pytest.mark.parametrize("name", sorted(NOISE))
@pytest.mark.parametrize(("size", "seconds"), [(100, 1200), (60, 300)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_alarm_fires_on_the_incident_and_at_most_once_in_the_14_days_before(name, seed, size, seconds):
    told = chosen(trail(NOISE[name], seed, size, seconds)).backtest
    assert told.fired is not None
    assert told.fired <= INCIDENT + timedelta(seconds=seconds + 3600)
    assert len(told.before) <= 1
    assert told.days == pytest.approx(14, abs=0.5)


@pytest.mark.parametrize("kind", ["static", "anomaly"])
def test_a_kind_of_alarm_can_be_asked_for(kind):
    assert chosen(trail(lambda _: [], 1, 50, 600), kind=kind).alarm.kind == kind


def test_an_incident_in_the_quiet_of_a_weekly_season_needs_a_band():
    night = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    times = sorted([t for t in trail(weekly, 4, 0, 1) if t < night.timestamp() + 20000] + [night.timestamp() + 90 * i for i in range(120)])
    told = chosen(times, told=night + timedelta(minutes=30))
    assert (told.alarm.kind, told.backtest.good) == ("anomaly", True)


def test_an_incident_that_is_no_more_than_what_is_normal_is_not_called_heard():
    times = trail(weekly, 5, 0, 1)
    told = chosen([*times], told=INCIDENT - timedelta(hours=4))
    assert not told.backtest.good or told.backtest.fired > INCIDENT - timedelta(hours=4)


def test_the_denial_that_was_explained_may_stand_in_the_middle_of_its_burst():
    times = trail(steady, 6, 400, 3600)
    counts = Counted(times=tuple(times), first=BEGIN.timestamp(), seen=len(times))
    assert abs((incident_start(counts, INCIDENT + timedelta(minutes=50)) - INCIDENT).total_seconds()) < 1000


def test_without_a_time_the_busiest_quarter_of_an_hour_is_the_incident():
    times = trail(steady, 7, 100, 900)
    counts = Counted(times=tuple(times), first=BEGIN.timestamp(), seen=len(times))
    assert abs((incident_start(counts, None) - INCIDENT).total_seconds()) < 900


def test_an_alarm_fires_when_it_goes_over_and_not_again_while_it_stays():
    hour = BEGIN.replace(minute=0, second=0)
    times = [(hour + timedelta(hours=h, minutes=1)).timestamp() for h in (1, 2, 3, 10)]
    alarm = Alarm(kind="static", period=3600, periods=1, deviations=2, threshold=0.0)
    told = backtest(alarm, Counted(times=tuple(times), first=hour.timestamp()), hour + timedelta(hours=20))
    assert told.before == (hour + timedelta(hours=2), hour + timedelta(hours=11))
    assert told.fired is None


def test_calls_are_counted_from_the_trail_by_the_pattern_itself():
    events = [event(INCIDENT, 0), *(event(INCIDENT, i, **more) for i, more in enumerate(OTHERS.values(), 1))]
    for as_events in (False, True):
        scan = Scan(Question(any_error=True), Tally())
        counts = counted(guard.watch_for(DENIED), scan.pieces(as_pieces(events)), as_events=as_events)
        assert counts.times == (INCIDENT.timestamp(),)


STATIC = Alarm(kind="static", period=300, periods=2, deviations=2, threshold=4.5, mean=1.5, deviation=1.5)
BAND = Alarm(kind="anomaly", period=3600, periods=1, deviations=3)


@pytest.fixture(params=[(via, alarm) for via in ("logs", "events") for alarm in (STATIC, BAND)], ids=lambda p: f"{p[0]}-{p[1].kind}")
def code(request):
    via, alarm = request.param
    watch = guard.watch_for(DENIED)
    return codes.AlarmCode(watch=watch, alarm=alarm, via=via, region="eu-west-1", account="111122223333", says=("a note",))


def test_the_template_is_clean_to_cfn_lint(code, tmp_path):
    path = tmp_path / "alarm.json"
    path.write_text(codes.render("cloudformation", code))
    assert [str(m) for m in Runner(ConfigMixIn(["--template", str(path), "--"], regions=["eu-west-1"])).run()] == []


def test_terraform_reads_back_with_the_same_pattern_and_threshold(code):
    blocks = {next(iter(b)): next(iter(next(iter(b.values())).values())) for b in hcl2.loads(codes.render("terraform", code))["resource"]}
    alarm = blocks['"aws_cloudwatch_metric_alarm"']
    assert ("threshold" in alarm) is (code.alarm.kind == "static")
    assert ("metric_query" in alarm) is (code.alarm.kind == "anomaly")
    assert ('"aws_cloudwatch_event_rule"' in blocks) is (code.via == "events")
    written = json.loads(blocks['"aws_cloudwatch_log_metric_filter"']["pattern"])
    assert written == code.filter_pattern


def test_the_script_makes_the_filter_and_the_alarm_and_nothing_without_apply(code, tmp_path, monkeypatch, capsys):
    set_environment(monkeypatch)
    path = tmp_path / "alarm.py"
    path.write_text(codes.render("boto3", code))
    assert len(path.read_text().splitlines()) < 100
    ast.parse(path.read_text())
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "-q", str(path)], capture_output=True, text=True, check=False
    )
    assert ran.stdout == ""
    with mock_aws():
        logs, cloudwatch = boto3.client("logs", "eu-west-1"), boto3.client("cloudwatch", "eu-west-1")
        logs.create_log_group(logGroupName="trail")
        given = ["--log-group", "trail"] if code.via == "logs" else []
        run(path, monkeypatch, *given)
        assert cloudwatch.describe_alarms()["MetricAlarms"] == []
        assert "dry run" in capsys.readouterr().out
        run(path, monkeypatch, *given, "--apply", "--topic", "arn:aws:sns:eu-west-1:111122223333:ops")
        (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
        (held,) = logs.describe_metric_filters()["metricFilters"]
        assert (held["filterPattern"], alarm["AlarmActions"]) == (code.filter_pattern, ["arn:aws:sns:eu-west-1:111122223333:ops"])
        assert alarm.get("Threshold") == (4.5 if code.alarm.kind == "static" else None)
        rules = boto3.client("events", "eu-west-1").list_rules()["Rules"]
        assert [rule["State"] for rule in rules] == ([event_pattern.STATE] if code.via == "events" else [])


def run(path, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", [str(path), *arguments])
    exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})  # noqa: S102 - the script is what is tested
