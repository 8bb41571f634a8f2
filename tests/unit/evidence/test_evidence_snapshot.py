import json
from datetime import UTC, datetime

import msgspec
import pytest

from undeny.calls.model import Request
from undeny.errors import UndenyError
from undeny.evidence import scenario, snapshot
from undeny.evidence.model import Evidence, Gap, Level, Policies, Policy, Resource
from undeny.iam import document

TEXT = '{"Version": "2012-10-17",\n   "Statement": [ {"Effect":"Allow","Action":"s3:*","Resource":"*"} ]}'
ROLE = "arn:aws:iam::111122223333:role/team/App"
SESSION = "arn:aws:sts::111122223333:assumed-role/App/i-0abc1234def567890"
BUCKET = "arn:aws:s3:::b"
READ_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
REQUEST = Request(principal=SESSION, action="s3:GetObject", resource="arn:aws:s3:::b/k", context={"aws:SourceIp": "203.0.113.9"})


def policy(name, **more):
    return Policy(name=name, document=document.read(TEXT), source="profile x", read_at=READ_AT, **more)


@pytest.fixture
def evidence():
    managed = policy("m", arn="arn:aws:iam::111122223333:policy/m", attached_to=ROLE, inline=False)
    levels = (
        Level(
            target="r-1",
            policies=(policy("FullAWSAccess", arn="arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"),),
        ),
        Level(
            target="ou-1",
            name="Workloads",
            policies=Gap(what="service control policies of ou-1", permission="organizations:ListPoliciesForTarget"),
        ),
        Level(target="111122223333", policies=()),
    )
    return Evidence(
        policies=Policies(
            identity=(policy("i", attached_to=ROLE, inline=True), managed),
            boundary=None,
            session=None,
            endpoint=None,
            resource=policy("bucket policy", attached_to=BUCKET),
            scp=levels,
            rcp=(),
        ),
        resources={
            ROLE: Resource(arn=ROLE, policy=policy("trust policy"), settings={"RoleId": "AROAX"}, exists=True),
            BUCKET: Resource(
                arn=BUCKET, policy=policy("bucket policy", attached_to=BUCKET), settings={"BucketAccountId": "111122223333"}, exists=True
            ),
        },
        source="profile x",
        gaps=(Gap(what="grants of k", permission="kms:ListGrants"),),
    )


def test_what_is_written_gives_the_same_evidence_on_the_same_request(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    back = snapshot.read(tmp_path).evidence_for(REQUEST)
    assert scenario.write(scenario.Scenario(evidence=back)) == scenario.write(scenario.Scenario(evidence=evidence))
    assert back.source == str(tmp_path)


def test_documents_are_kept_as_the_text_that_aws_gave(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    held = json.loads((tmp_path / "accounts/111122223333/resources/s3/b.json").read_text("utf-8"))
    assert held["policy"]["document"] == TEXT
    assert held["policy"]["read_at"] == READ_AT.isoformat()
    assert snapshot.read(tmp_path).evidence_for(REQUEST).policies.identity[1].document.text == TEXT


def test_the_folder_is_laid_out_by_account(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.json"))
    assert files == [
        "accounts/111122223333/policies/policy.m.json",
        "accounts/111122223333/principals/role.team.App.json",
        "accounts/111122223333/resources/iam/role.team.App.json",
        "accounts/111122223333/resources/s3/b.json",
        "organization/111122223333.json",
        "organization/ou-1.json",
        "organization/paths.json",
        "organization/r-1.json",
        "snapshot.json",
    ]
    head = json.loads((tmp_path / "snapshot.json").read_text("utf-8"))
    assert head["accounts"] == ["111122223333"]
    assert head["refused"] == [{"what": "grants of k", "why": "not read", "permission": "kms:ListGrants", "how": None}]


def test_what_the_snapshot_does_not_hold_is_a_gap(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    other = Request(principal="arn:aws:iam::444455556666:role/X", action="sqs:SendMessage", resource="arn:aws:sqs:eu-west-1:444455556666:q")
    held = snapshot.read(tmp_path).evidence_for(other).policies
    assert all(isinstance(layer, Gap) for layer in (held.identity, held.boundary, held.resource, held.scp, held.rcp, held.endpoint))
    assert str(tmp_path) in held.identity.why


def test_a_second_run_adds_to_the_first(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    more = msgspec.structs.replace(evidence, resources={queue: Resource(arn=queue, policy=None)})
    snapshot.write(tmp_path, more, (msgspec.structs.replace(REQUEST, action="sqs:SendMessage", resource=queue),))
    assert {BUCKET, ROLE, queue} == set(snapshot.read(tmp_path).resources)


def test_a_refused_level_does_not_erase_one_read_before(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    refused = msgspec.structs.replace(evidence, policies=msgspec.structs.replace(evidence.policies, scp=Gap(what="scp")))
    snapshot.write(tmp_path, refused, (REQUEST,))
    assert isinstance(snapshot.read(tmp_path).evidence_for(REQUEST).policies.scp, tuple)


def test_things_whose_names_a_file_cannot_have_keep_apart(tmp_path, evidence):
    names = ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a.b")
    things = {
        arn: Resource(arn=arn, policy=None)
        for arn in (*names, "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q")
    }
    snapshot.write(tmp_path, msgspec.structs.replace(evidence, resources=things), (REQUEST,))
    assert set(snapshot.read(tmp_path).resources) == set(things)


def test_a_folder_that_is_no_snapshot_is_refused(tmp_path):
    with pytest.raises(UndenyError, match="no snapshot"):
        snapshot.read(tmp_path)


def test_a_snapshot_of_a_newer_undeny_is_refused(tmp_path):
    (tmp_path / "snapshot.json").write_text('{"schema": 99}', "utf-8")
    with pytest.raises(UndenyError, match="newer undeny"):
        snapshot.read(tmp_path)


def test_a_broken_file_is_named(tmp_path, evidence):
    snapshot.write(tmp_path, evidence, (REQUEST,))
    (tmp_path / "organization/r-1.json").write_text("{", "utf-8")
    with pytest.raises(UndenyError, match=r"r-1\.json"):
        snapshot.read(tmp_path)
