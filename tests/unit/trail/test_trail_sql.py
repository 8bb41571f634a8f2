"""The SQL that `find` writes, run: on a stand-in with Athena's functions, over the events that the scan reads too.

SQLite has no structures: a path of fields is one column there, and the newest ids of a group an aggregate of its own. The functions are
those of https://trino.io/docs/current/functions.html, which Athena and CloudTrail Lake have.
"""

import json
import re
import sqlite3
from datetime import UTC, datetime

import pytest

from undeny.trail.groups import Groups
from undeny.trail.model import Question, Tally
from undeny.trail.scan import Scan
from undeny.trail.sql import sql

ROLE = "arn:aws:iam::111122223333:role/team/App"
USER = "arn:aws:iam::111122223333:user/ann"
COLUMNS = {
    "eventTime": "eventTime", "eventSource": "eventSource", "eventName": "eventName", "errorCode": "errorCode", "errorMessage": "errorMessage",
    "requestID": "requestID", "eventID": "eventID",
}  # fmt: skip
WHO = ("userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.arn", "userIdentity.invokedBy")


def event(number, name, source, code, **more):
    by, message, hour = more.get("by", ROLE), more.get("message"), more.get("hour", 10)
    session = by == ROLE
    identity = (
        {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::111122223333:assumed-role/App/s{number}",
            "sessionContext": {"sessionIssuer": {"arn": ROLE}},
        }
        if session
        else {"type": "IAMUser", "arn": by}
    )
    return {
        "eventVersion": "1.11", "eventTime": f"2026-11-20T{hour:02}:00:{number:02}Z", "eventName": name, "eventSource": f"{source}.amazonaws.com",
        "userIdentity": identity, "eventID": f"e{number}", "requestID": f"r'{number}", "awsRegion": "eu-west-1",
        **({"errorCode": code, "errorMessage": message or "no"} if code else {}),
    }  # fmt: skip


EVENTS = [
    event(1, "PutObject", "s3", "AccessDenied"),
    event(2, "PutObject", "s3", "AccessDenied"),
    event(3, "GetObject", "s3", "AccessDenied", by=USER),
    event(4, "RunInstances", "ec2", "Client.UnauthorizedOperation", by=USER, hour=12),
    event(
        5,
        "CreateFunction20150331",
        "lambda",
        "AccessDenied",
        message=f"User: {ROLE} is not authorized to perform: iam:PassRole on resource: x",
    ),
    event(6, "PutMetricData", "monitoring", "AccessDenied", by=USER),
    event(7, "GetObject", "s3", "NoSuchKey"),
    event(8, "GetObject", "s3", None),
]
QUESTIONS = (
    Question(),
    Question(any_error=True),
    Question(principal=ROLE),
    Question(principal="App"),
    Question(principal=USER),
    Question(principal="ann"),
    Question(name="PutObject"),
    Question(name="s3:PutObject"),
    Question(name="iam:PassRole"),
    Question(name="CreateFunction"),
    Question(name="lambda:CreateFunction"),
    Question(name="cloudwatch:PutMetricData"),
    Question(name="ec2:PutObject"),
    Question(event_id="e3"),
    Question(request_id="r'2"),
    Question(since=datetime(2026, 11, 20, 11, tzinfo=UTC)),
    Question(until=datetime(2026, 11, 20, 11, tzinfo=UTC), name="s3:GetObject"),
)


class Newest:
    """`max_by`, or the ids of a group, newest first."""

    most = 10

    def __init__(self):
        self.rows = []

    def step(self, value, by):
        self.rows.append((by, value))

    def finalize(self):
        return json.dumps([value for _, value in sorted(self.rows, key=lambda row: row[0], reverse=True)][: self.most])


class MaxBy(Newest):
    def finalize(self):
        return max(self.rows, key=lambda row: row[0])[1]


def dig(value, path):
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def database():
    base = sqlite3.connect(":memory:")
    paths = (*COLUMNS, *WHO)
    base.execute("CREATE TABLE events (" + ", ".join(f'"{path.lower()}"' for path in paths) + ")")
    rows = [[dig(one, path) for path in paths] for one in EVENTS]
    base.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(paths))})", rows)  # noqa: S608 - as many marks as columns
    base.create_function("regexp_like", 2, lambda text, pattern: None if text is None else bool(re.search(pattern, text)))
    base.create_function("strpos", 2, lambda text, part: text.find(part) + 1)
    base.create_aggregate("max_by", 2, MaxBy)
    base.create_aggregate("newest", 2, Newest)
    return base


def told(question, engine):
    text = sql(question, engine)
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    body = re.sub(r"slice\(array_agg\((\w+) ORDER BY (\w+) DESC\), 1, 10\)", r"newest(\1, \2)", body)
    body = re.sub(r"\buserIdentity(?:\.\w+)+", lambda match: f'"{match.group().lower()}"', body, flags=re.IGNORECASE)
    body = re.sub(r"cloudtrail_logs|EVENT_DATA_STORE_ID", "events", body)
    body = re.sub(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", r"\1T\2Z", body)  # Lake compares with times, the stand-in with texts
    rows = database().execute(body).fetchall()
    return {one for row in rows for one in json.loads(row[8])}, rows


@pytest.mark.parametrize("engine", ["athena", "lake"])
@pytest.mark.parametrize(
    "question", QUESTIONS, ids=lambda question: str({k: str(v) for k in question.__struct_fields__ if (v := getattr(question, k))})
)
def test_the_sql_finds_the_events_that_the_scan_finds(question, engine):
    tally = Tally()
    scanned = {seen.event.eventID for seen in Scan(question, tally).events(json.dumps(one).encode() for one in EVENTS)}
    assert told(question, engine)[0] == scanned


def test_a_row_is_a_group_with_its_count_its_times_and_its_newest_ids_first():
    _, rows = told(Question(principal=ROLE, name="s3:PutObject"), "athena")
    ((who, source, name, code, count, first, last, message, events, requests),) = rows
    assert (who, source, name, code, count) == (ROLE, "s3.amazonaws.com", "PutObject", "AccessDenied", 2)
    assert (first, last, message) == ("2026-11-20T10:00:01Z", "2026-11-20T10:00:02Z", "no")
    assert (json.loads(events), json.loads(requests)) == (["e2", "e1"], ["r'2", "r'1"])


def test_the_groups_of_the_scan_are_as_many_as_the_rows():
    tally = Tally()
    groups = Groups(tally)
    for seen in Scan(Question(), tally).events(json.dumps(one).encode() for one in EVENTS):
        groups.add(seen)
    assert sum(group.denials for group in groups.told()) == sum(row[4] for row in told(Question(), "athena")[1])
