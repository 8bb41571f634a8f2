"""`undeny case` as users run it: drafts that are complete, and public ones that give nothing away."""

import json
from datetime import UTC, datetime, timedelta

from generators.trails import ARN, event


def saved(undeny, tmp_path, days=1):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(datetime.now(UTC) - timedelta(days=days), 4711)))
    assert undeny("explain", str(path)).returncode == 0


def test_a_support_draft_has_request_id_time_region_and_the_day_it_is_forgotten(undeny, tmp_path):
    saved(undeny, tmp_path)
    ran = undeny("case", "--tried", "waited an hour")
    until = (datetime.now(UTC) + timedelta(days=89)).strftime("%Y-%m-%d")
    assert ran.returncode == 0
    for said in (
        "R4711",
        until,
        "(88 days left)",
        "(89 days left)",
        "eu-west-1",
        ARN,
        "identity-missing-allow",
        "network-unreachable",
        "waited an hour",
    ):
        assert said in ran.stdout or said.startswith("(8"), said
    assert "days left)" in ran.stdout


def test_a_public_draft_names_no_account_no_name_and_no_request_and_warns(undeny, tmp_path):
    saved(undeny, tmp_path)
    ran = undeny("case", "--to", "repost")
    for hidden in ("111122223333", "logs-prod", "App", "R4711", "e-4711", "203.0.113.9"):
        assert hidden not in ran.stdout, hidden
    assert "not in public: account ids" in ran.stderr
    plain = undeny("case", "--to", "repost", "--no-redact")
    assert ARN in plain.stdout
    assert "nothing was replaced" in plain.stderr


def test_what_aws_will_ask_for_is_said(undeny):
    ran = undeny("case", "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied")
    assert "No request id is known" in ran.stdout
    assert "a request id, the time of the call" in ran.stderr


def test_all_saved_ids_are_listed_with_the_days_they_have_left(undeny, tmp_path):
    assert "no request id is saved" in undeny("case", "--list").stdout
    saved(undeny, tmp_path, days=100)
    assert "over" in undeny("case", "--list").stdout
    (told,) = json.loads(undeny("case", "--list", "--format", "json").stdout)
    assert (told["request_id"], told["days_left"]) == ("R4711", 0)
    assert "finds none of these requests any more" in undeny("case").stderr
