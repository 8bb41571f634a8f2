"""`undeny guard` as users run it."""

import gzip
import json

from generators.trails import INCIDENT, event, steady, trail


def written(tmp_path):
    path = tmp_path / "trail.json.gz"
    times = trail(steady, 1, 120, 1200)
    path.write_bytes(gzip.compress(json.dumps({"Records": [event(t, i) for i, t in enumerate(times)]}).encode()))
    (tmp_path / "event.json").write_text(json.dumps(event(INCIDENT.timestamp() + 400, 9999)))
    return str(path)


def test_an_alarm_is_tried_on_the_trail_and_printed_as_code(undeny, tmp_path):
    path = written(tmp_path)
    assert undeny("explain", str(tmp_path / "event.json")).returncode == 0
    shown = undeny("guard", "alarm", "--trail", path)
    assert shown.returncode == 0
    assert "never in the 14 days before" in shown.stdout.replace("\n", " ")
    told = json.loads(undeny("guard", "alarm", "--trail", path, "--format", "json").stdout)
    assert (told["fires_on_incident"], told["fired_before"]) == (True, 0)
    command = next(line for line in shown.stdout.splitlines() if line.startswith("next")).split()[2:]
    assert f"threshold           = {told['alarm']['threshold']}" in undeny(*command).stdout


def test_an_alarm_on_nothing_saved_says_what_to_do(undeny):
    ran = undeny("guard", "alarm")
    assert (ran.returncode, "undeny explain" in ran.stderr) == (2, True)


def test_no_function_is_written_for_a_fix_that_is_not_proved(undeny, tmp_path):
    written(tmp_path)
    ran = undeny("fix", str(tmp_path / "event.json"), "--as", "lambda")
    assert (ran.returncode, "not proved" in ran.stderr, ran.stdout) == (4, True, "")
