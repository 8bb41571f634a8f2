"""Files of any layout are cut into exactly the records that they hold, in whatever pieces they come."""

import gzip
import json
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undeny.errors import UndenyError
from undeny.trail.records import Cutter
from undeny.trail.unpack import unpacked

WORDS = st.text(alphabet='ab"\\{}[],:é\n ', max_size=8)
PARAMETERS = st.recursive(
    WORDS | st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)
EVENTS = st.lists(
    st.builds(
        lambda number, told: {"eventVersion": "1.11", "eventName": "Call", "eventID": str(number), "requestParameters": told},
        st.integers(0, 99),
        PARAMETERS,
    ),
    min_size=2,
    max_size=12,
)
LAYOUTS = {
    "a trail file": lambda events: json.dumps({"Records": events}, separators=(",", ":")),
    "a trail file with blanks": lambda events: json.dumps({"Records": events}),
    "laid out for reading": lambda events: json.dumps({"Records": events}, indent=2, ensure_ascii=False),
    "with its keys sorted": lambda events: json.dumps({"Records": events}, sort_keys=True, indent=1),
    "a bare list": json.dumps,
    "one event a line": lambda events: "\n".join(map(json.dumps, events)) + "\n",
    "several trail files in one": lambda events: "".join(json.dumps({"Records": [event]}) for event in events),
    "a trail file a line": lambda events: "\n".join(json.dumps({"Records": [event]}) for event in events),
}


def cut(text: bytes, size: int, block: int) -> tuple[list[object], list[UndenyError], Cutter]:
    problems: list[UndenyError] = []
    cutter = Cutter("file", problems.append, block=block)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [msgspec.json.decode(bytes(record)) for records in cutter.cut(pieces) for record in records], problems, cutter


@pytest.mark.parametrize("layout", LAYOUTS)
@given(events=EVENTS, size=st.integers(1, 400), block=st.integers(1, 900))
def test_the_records_are_those_that_were_written(layout, events, size, block):
    found, problems, _ = cut(LAYOUTS[layout](events).encode(), size, block)
    assert found == events
    assert problems == []


@given(events=EVENTS, size=st.integers(1, 400), block=st.integers(1, 900), data=st.data())
def test_a_file_cut_short_gives_its_whole_records_and_says_that_it_is_cut(events, size, block, data):
    text = LAYOUTS["a trail file"](events).encode()
    end = data.draw(st.integers(len(b'{"Records":[') + 1, len(text) - 3))
    found, problems, _ = cut(text[:end], size, block)
    assert found == events[: len(found)]
    assert len(found) == sum(1 for n in range(1, len(events) + 1) if len(json.dumps(events[:n], separators=(",", ":"))) - 2 + 12 <= end)
    assert [problem.code for problem in problems] in (["truncated-input"], ["broken-event"])  # the latter where the cut looks like an end


@given(events=EVENTS, size=st.integers(1, 400), block=st.integers(1, 900), data=st.data())
def test_a_broken_record_is_left_out_and_said_and_the_others_are_read(events, size, block, data):
    events = [{**event, "requestParameters": None} for event in events]
    broken = data.draw(st.integers(0, len(events) - 1))
    texts = [json.dumps(event) for event in events]
    texts[broken] = texts[broken].replace('"eventID":', '"eventID"')
    found, problems, _ = cut(('{"Records":[' + ",".join(texts) + "]}").encode(), size, block)
    assert found == [event for number, event in enumerate(events) if number != broken]
    assert [problem.code for problem in problems] == ["broken-event"]


def test_a_document_of_another_shape_is_given_whole():
    text = json.dumps({"Events": [{"EventId": "1"}]}, indent=1).encode()
    found, problems, cutter = cut(text, 7, 20)
    assert (found, problems, cutter.whole) == ([], [], text)


def test_one_document_without_end_is_refused_rather_than_held(monkeypatch):
    monkeypatch.setattr("undeny.trail.records.MOST", 1000)
    with pytest.raises(UndenyError, match="holds one document of more than"):
        cut(b'{"Events": ["' + b"x" * 5000, 100, 200)


def _unpacked(data: bytes, size: int = 37) -> tuple[bytes, list[str]]:
    problems: list[UndenyError] = []
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(unpacked(pieces, "file", problems.append)), [problem.code for problem in problems]


@given(
    parts=st.lists(st.binary(min_size=1, max_size=300).filter(lambda b: b"\x00" not in b), min_size=1, max_size=4), size=st.integers(1, 99)
)
def test_gzip_of_any_number_of_members_in_any_pieces_is_unpacked(parts, size):
    assert _unpacked(b"".join(map(gzip.compress, parts)), size) == (b"".join(parts), [])


def test_a_gzip_stream_that_breaks_off_gives_what_stands_before():
    whole = json.dumps([{"n": n} for n in range(5000)]).encode()
    text, problems = _unpacked(gzip.compress(whole)[:-600])
    assert text == whole[: len(text)]
    assert text
    assert problems == ["truncated-gzip"]


def test_a_broken_gzip_stream_is_said():
    packed = bytearray(gzip.compress(bytes(range(1, 255)) * 40, mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 8] = b"\xff" * 8
    assert _unpacked(bytes(packed))[1] in (["broken-gzip"], ["truncated-gzip"])
    with pytest.raises((OSError, EOFError, zlib.error)):
        gzip.decompress(bytes(packed))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rest of it", b"\x28\xb5\x2f\xfdrest of", b"a\x00b\x00c\x00d\x00"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(UndenyError):
        _unpacked(data)
