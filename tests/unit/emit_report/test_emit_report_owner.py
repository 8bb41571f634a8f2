"""The message to an owner holds evidence, the exact change, its proof and its risk, of their side alone, and nothing secret."""

import json
from pathlib import Path

import pytest

from undeny import pipeline
from undeny.emit.report import owner
from undeny.errors import UndenyError

KEY = "arn:aws:kms:eu-west-1:444455556666:key/5f0e1234-12ab-34cd-56ef-1234567890ab"
READER = "arn:aws:iam::111122223333:role/Reader"
V = {"Version": "2012-10-17"}
BUCKET = {
    **V,
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": READER}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared-data/*"}],
}
ROOT = {
    "Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*",
}  # fmt: skip
ENCRYPTION = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
TWO_OWNERS = {
    "id": "two",
    "text": "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied (AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY)",
    "request": {"principal": READER, "action": "s3:GetObject", "resource": "arn:aws:s3:::shared-data/x", "resource_account": "444455556666"},
    "policies": {
        "identity": [{"name": "reads", "policy": {**V, "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared-data/*"}]}}],
        "boundary": None,
        "session": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
        "resource": BUCKET,
    },
    "resources": {
        "arn:aws:s3:::shared-data": {"policy": BUCKET, "settings": {"ServerSideEncryptionConfiguration": {"Rules": [ENCRYPTION]}}},
        KEY: {"policy": {**V, "Statement": [ROOT]}, "settings": {"KeyState": "Enabled", "KeyManager": "CUSTOMER", "Grants": []}},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def walk():
    return pipeline.walk(TWO_OWNERS)


def test_the_message_holds_the_owners_own_change_whole_and_names_the_other_side(walk):
    one = owner.letter(walk, "444455556666")
    titles = [section.title for section in one.sections]
    assert [t for t in titles if t.startswith("The change to")] == [f"The change to the resource policy of {KEY}"]
    whole = json.loads("\n".join(next(s for s in one.sections if s.title == "The whole document after it").lines))
    edit = next(e for f in walk.fixes for e in f.changes if e.target == KEY)
    assert whole == edit.after
    rest = next(s for s in one.sections if s.title == "What goes with it, and is not yours")
    assert READER in rest.lines[0]
    for needed in ("What was seen", "Why it is denied", "What was proved", "Risk"):
        assert needed in titles


def test_the_callers_side_can_be_asked_for_by_account_and_by_layer(walk):
    assert owner.letter(walk, "111122223333").sections != owner.letter(walk, "444455556666").sections
    assert [s.title for s in owner.letter(walk, "resource").sections] == [s.title for s in owner.letter(walk, "444455556666").sections]


def test_nothing_secret_is_in_it(walk):
    for written in (owner.text(owner.letter(walk, "444455556666")), owner.markdown(owner.letter(walk, "444455556666"))):
        assert "wJalrXUtn" not in written
        assert written.endswith("\n")


def test_a_secret_in_a_policy_is_masked_too():
    section = owner.Section(
        title="t", lines=('"aws:Referer": "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',), kind="code"
    )
    one = owner.Letter(to="o", subject="s", opening="o", sections=(section,))
    for written in (owner.text(one), owner.markdown(one)):
        assert "wJalrXUtn" not in written


def test_an_owner_without_a_part_is_said_with_those_that_have_one(walk):
    with pytest.raises(UndenyError) as told:
        owner.letter(walk, "scp")
    assert told.value.help == ("there are parts for 111122223333, 444455556666, identity, resource",)


def rows():
    data = Path(__file__).parents[2] / "data" / "diagnoses.jsonl"
    return [json.loads(line) for line in data.read_text().splitlines()][::6]


def test_every_fix_of_many_denials_gives_a_message_for_each_of_its_owners():
    written = 0
    for row in rows():
        walked = pipeline.walk(row["input"])
        for number, fix in enumerate(walked.explanation.fixes, 1):
            for name in {one for edit in fix.changes for one in owner.owners(edit, fix, walked)}:
                one = owner.letter(walked, name, number)
                assert owner.text(one).startswith("Subject: ")
                assert owner.markdown(one).count("```") % 2 == 0
                written += 1
    assert written > 20
