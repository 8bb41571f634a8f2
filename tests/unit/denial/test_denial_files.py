"""Files: what is whole is read, what is broken is said in one line."""

import gzip
import json
import random

import pytest

from undeny.denial import parse, read_bytes
from undeny.denial.files import read
from undeny.errors import UndenyError

NOISE = random.Random(7)  # noqa: S311 - request ids that do not compress


def event(number):
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a"},
        "eventTime": "2026-11-24T18:04:11Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "errorCode": "AccessDenied",
        "errorMessage": "Access Denied",
        "requestID": f"{NOISE.getrandbits(128):032x}",
        "eventID": f"e{number}",
    }


EVENTS = [event(number) for number in range(40)]
RECORDS = json.dumps({"Records": EVENTS}).encode()
LINES = b"\n".join(json.dumps(one).encode() for one in EVENTS)


def ids(reading):
    return [denial.event_id for denial in reading.denials]


@pytest.mark.parametrize("data", [RECORDS, LINES, gzip.compress(RECORDS), gzip.compress(LINES), gzip.compress(LINES[:4000]) + gzip.compress(LINES[4000:]), b"\xef\xbb\xbf" + RECORDS, json.dumps({"Records": EVENTS}).encode("utf-16")])  # fmt: skip
def test_events_are_the_same_however_they_are_packed(data):
    reading = read_bytes(data)
    assert ids(reading) == [f"e{number}" for number in range(40)]
    assert reading.problems == ()
    assert reading.events == 40


def test_a_gzip_stream_cut_short_keeps_the_whole_events_and_says_how_many():
    packed = gzip.compress(RECORDS)
    reading = read_bytes(packed[: len(packed) * 2 // 3], "events.json.gz")
    count = reading.events
    assert 5 < count < 40
    assert ids(reading) == [f"e{number}" for number in range(count)]
    assert [problem.message for problem in reading.problems] == [
        f"`events.json.gz` ends in the middle of the gzip stream, after {count} whole events"
    ]
    assert reading.problems[0].help[0] == f"{count} whole events were read; the last one is lost"


def test_a_list_of_records_cut_short_keeps_the_whole_events_and_says_how_many():
    reading = read_bytes(RECORDS[: len(RECORDS) // 2], "events.json")
    assert 15 < reading.events < 25
    assert len(reading.denials) == reading.events
    assert [problem.code for problem in reading.problems] == ["truncated-input"]
    assert f"after {reading.events} whole events" in reading.problems[0].message


def test_one_broken_event_is_a_problem_and_the_others_stay():
    for broken in (RECORDS.replace(b'"eventID": "e7"', b'"eventID": e7'), RECORDS.replace(b'"eventID": "e7"}', b'"eventID": "e7"')):
        reading = read_bytes(broken, "events.json")
        assert "e7" not in ids(reading)
        assert len(reading.denials) >= 38
        assert {problem.code for problem in reading.problems} == {"broken-event"}
    reading = read_bytes(LINES.replace(b'"eventID": "e7"', b'"eventID": e7'), "events.json")
    assert len(reading.denials) == 39
    assert [problem.message for problem in reading.problems] == ["`events.json`: line 8 is not whole JSON"]


def test_an_entry_that_is_no_event_is_a_problem_and_the_others_stay():
    reading = read_bytes(json.dumps({"Records": [EVENTS[0], 5, [], EVENTS[1]]}).encode())
    assert ids(reading) == ["e0", "e1"]
    assert [problem.code for problem in reading.problems] == ["broken-event", "broken-event"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-input"),
        (b" \n\t\n", "empty-input"),
        (gzip.compress(b"", mtime=0), "empty-input"),
        (bytes(range(256)) * 8, "binary-input"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary-input"),
        (b"PK\x03\x04 and more", "binary-input"),
        (b"\x1f\x8b\x08 and no more", "broken-gzip"),
        (b"\xff\xfe" + b"\x00\xd8" * 40, "binary-input"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(data, code):
    with pytest.raises(UndenyError) as caught:
        read_bytes(data, "it")
    assert caught.value.code == code
    assert "`it`" in caught.value.message
    assert caught.value.exit_status == 2


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    with pytest.raises(UndenyError, match="more than 1 MB") as caught:
        read(gzip.compress(b"a" * 50_000_000), "bomb.gz", limit=1024 * 1024)
    assert caught.value.code == "input-too-large"


def test_a_file_is_read_by_its_path(tmp_path):
    path = tmp_path / "events.json.gz"
    path.write_bytes(gzip.compress(RECORDS))
    assert len(parse(path)) == 40
    with pytest.raises(UndenyError) as caught:
        parse(tmp_path / "none.json")
    assert caught.value.code == "no-such-file"
    with pytest.raises(UndenyError) as caught:
        parse(tmp_path)
    assert caught.value.code == "unreadable-input"


def test_a_plain_log_is_read_as_text():
    reading = read_bytes(b"start\nAn error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n")
    assert [(denial.operation, denial.line) for denial in reading.denials] == [("GetObject", 2)]
    assert reading.events == 0


def test_json_lines_of_an_application_are_read_as_a_log():
    lines = b'{"level":"info","message":"started"}\n{"level":"error","message":"An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"}\n'
    assert [(denial.operation, denial.line, denial.message) for denial in read_bytes(lines).denials] == [("GetObject", 2, "Access Denied")]
