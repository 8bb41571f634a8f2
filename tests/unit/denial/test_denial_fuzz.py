"""No input makes the reader crash; `make fuzz` tries far more of the same."""

import json

from hypothesis import HealthCheck, given, settings

from generators import broken
from undeny.denial import parse, read_bytes
from undeny.denial.secrets import mask
from undeny.errors import UndenyError


def bounded(runs):
    return settings(max_examples=runs, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@bounded(1000)
@given(broken.wrapped_texts)
def test_any_text_gives_denials_or_none(text):
    for denial in parse(text):
        assert denial.line is None or 1 <= denial.line <= text.count("\n") + 1
        assert denial.error_code or denial.message or denial.action or denial.operation or denial.form or denial.http_status
    mask(text)


@bounded(400)
@given(broken.events)
def test_any_mapping_gives_denials_or_none(event):
    for source in (event, {"Records": [event]}, json.dumps(event), json.dumps({"Records": [event, event]})[:-9]):
        parse(source)


@bounded(600)
@given(broken.any_bytes)
def test_any_bytes_give_a_reading_or_one_clear_error(data):
    try:
        reading = read_bytes(data, "it")
    except UndenyError as error:
        told = (error,)
    else:
        told = reading.problems
    assert all(problem.message and problem.exit_status == 2 for problem in told)
