import json

import msgspec
import pytest
from botocore.exceptions import ClientError

from undeny import change
from undeny.aws.targets import Call
from undeny.calls.model import Request
from undeny.change.dangers import DANGERS
from undeny.change.planning import dangers_of
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, SettingEdit
from undeny.prove.model import Proof, ProvenFix, Refutation

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
OLD = '{"Version":"2012-10-17",\n\n   "Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data"}}'
BEFORE = json.loads(OLD)
AFTER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]}],
}
CALL = Request(
    principal=ROLE, action="s3:GetObject", resource="arn:aws:s3:::data/k", resource_account=ACCOUNT, context={"aws:SourceIp": "203.0.113.9"}
)


@pytest.fixture
def inline(aws):
    aws.client("iam").put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=OLD)
    return aws


@pytest.fixture
def managed(aws):
    iam = aws.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    return arn


def text_of(session, name="p"):
    from undeny.aws import write
    from undeny.fix.model import PolicyEdit

    return write.current(session, PolicyEdit(layer="identity", target=ROLE, policy=name, before=None, after=None)).text


def fails_on(monkeypatch, *operations, lost=False):
    """Let AWS fail on an operation: refuse it, or carry it out and lose its answer."""
    import botocore.client

    call = botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation not in operations:
            return call(self, operation, parameters)
        if lost:
            call(self, operation, parameters)
            raise KeyboardInterrupt
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {}}, operation)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)


def test_a_plan_says_what_it_would_do_and_does_nothing(inline, proven, edit):
    plan = change.plan(proven(edit(BEFORE, AFTER)), inline)
    step = plan.steps[0]
    assert step.calls == (("iam:PutRolePolicy", "inline policy p of role App"),)
    assert '+        "arn:aws:s3:::data/*"' in step.diff
    assert step.before == OLD
    assert step.undo == "the saved text is put back"
    assert step.dangers == (DANGERS["iam:PutRolePolicy"],)
    assert (plan.account, plan.region) == (ACCOUNT, REGION)
    assert text_of(inline) == OLD


def test_a_plan_names_who_else_has_the_policy(aws, managed, proven, edit):
    aws.client("iam").create_user(UserName="alice")
    aws.client("iam").attach_user_policy(UserName="alice", PolicyArn=managed)
    step = change.plan(proven(edit(BEFORE, AFTER)), aws).steps[0]
    assert step.touches == ("user alice",)
    assert step.undo == "version v1 becomes the default again, and the new one is deleted"


def test_a_plan_warns_of_whoever_manages_the_thing(inline, proven, edit):
    plan = change.plan(proven(edit(BEFORE, AFTER), managed_by="terraform"), inline)
    assert plan.managed_by == "terraform"
    assert "next deploy undoes this" in plan.warnings[0]


def test_a_fix_is_carried_out_read_back_and_verified(inline, kit):
    inline.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    way = msgspec.structs.replace(kit.way, request=CALL)
    outcome = change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, way)
    assert json.loads(text_of(inline)) == AFTER
    assert outcome.exact
    assert outcome.record.state == "in_force"
    assert outcome.verification.verified == "allowed"
    assert outcome.verification.how.startswith("evaluated on fresh policies")


def test_a_fix_that_does_not_help_is_found_out(inline, kit):
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    way = msgspec.structs.replace(kit.way, request=CALL)
    outcome = change.carry_out(kit.proven(kit.edit(BEFORE, other)), inline, kit.store, way)
    assert outcome.verification.verified == "denied"
    assert "identity" in outcome.verification.how


@pytest.mark.parametrize("before", [None, BEFORE | {"Id": "x"}, AFTER])
def test_nothing_is_written_where_aws_holds_something_else(inline, kit, before):
    with pytest.raises(UndenyError) as caught:
        change.carry_out(kit.proven(kit.edit(before, AFTER)), inline, kit.store, kit.way)
    assert (caught.value.code, caught.value.exit_status) == ("changed-meanwhile", 1)
    assert text_of(inline) == OLD
    assert kit.store.changes() == ()


def test_all_edits_are_compared_before_the_first_is_written(inline, kit):
    with pytest.raises(UndenyError, match="inline policy q"):
        change.carry_out(kit.proven(kit.edit(BEFORE, AFTER), kit.edit(BEFORE, AFTER, policy="q")), inline, kit.store, kit.way)
    assert text_of(inline) == OLD


def test_only_a_proven_fix_is_carried_out(inline, kit):
    fix = kit.proven(kit.edit(BEFORE, AFTER)).fix
    for other in (fix, Refutation(fix=fix, proofs=(), failed="suffices"), {"fix": fix}):
        with pytest.raises(TypeError, match="ProvenFix"):
            change.carry_out(other, inline, kit.store, kit.way)


def test_a_fix_whose_proof_fails_is_refused(inline, kit):
    refuted = ProvenFix(
        fix=kit.proven(kit.edit(BEFORE, AFTER)).fix, proofs=(Proof(obligation="nothing_else", holds=False, how="a witness"),)
    )
    with pytest.raises(UndenyError, match="nothing_else does not hold"):
        change.carry_out(refuted, inline, kit.store, kit.way)


@pytest.mark.parametrize("more", [{"applicability": "has_placeholders"}, {"managed_by": "identity-center"}, {"managed_by": "aws"}])
def test_what_is_not_undenys_to_write_is_refused(inline, kit, more):
    with pytest.raises(UndenyError):
        change.carry_out(kit.proven(kit.edit(BEFORE, AFTER), **more), inline, kit.store, kit.way)
    assert text_of(inline) == OLD


def test_a_change_to_the_call_alone_is_its_callers(aws, store, way, proven):
    with pytest.raises(UndenyError) as caught:
        change.carry_out(proven(CallEdit(how="send the header")), aws, store, way)
    assert caught.value.code == "nothing-to-apply"


def test_nothing_is_written_while_read_only(inline, kit):
    way = msgspec.structs.replace(kit.way, environment={"UNDENY_READ_ONLY": "1"})
    with pytest.raises(UndenyError, match="UNDENY_READ_ONLY"):
        change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, way)
    assert text_of(inline) == OLD


@pytest.mark.parametrize("action", sorted(action for action, danger in DANGERS.items() if danger.refused))
def test_a_one_way_call_is_never_made(action):
    with pytest.raises(UndenyError) as caught:
        list(dangers_of((Call(service="s", operation="o", action=action, parameters={}),)))
    assert caught.value.code == "one-way"


def test_a_call_that_takes_a_key_a_role_or_an_account_away_is_one_way():
    assert {"kms:ScheduleKeyDeletion", "iam:DeleteRole", "organizations:LeaveOrganization"} <= {a for a, d in DANGERS.items() if d.refused}


def test_a_setting_that_would_be_one_way_is_refused(aws, kit):
    with pytest.raises(UndenyError):
        change.plan(kit.proven(SettingEdit(target=ROLE, operation="kms:ScheduleKeyDeletion", before=None, after={})), aws)


def test_every_danger_has_awss_page():
    assert all(danger.source.startswith("https://docs.aws.amazon.com/") for danger in DANGERS.values())


def test_the_account_is_never_taken_out_of_a_keys_policy(aws, proven, edit):
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    before = json.loads(aws.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    after = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:*", "Resource": "*"}]}
    with pytest.raises(UndenyError) as caught:
        change.plan(proven(edit(before, after, None, "resource", key)), aws)
    assert caught.value.code == "one-way"


def test_the_journal_holds_the_intent_the_old_text_and_the_answer(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    done = kit.store.change().steps[0]
    assert (done.action, done.phase, done.error) == ("iam:PutRolePolicy", "apply", None)
    assert kit.store.image(done.standing["text"]) == OLD
    assert done.finished_at is not None


def test_rolling_back_puts_the_old_bytes_back(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    outcome = change.roll_back(kit.store, inline, way=kit.way)
    assert text_of(inline) == OLD
    assert (outcome.exact, outcome.record.state) == (True, "rolled_back")


def test_rolling_back_deletes_an_inline_policy_that_was_not_there(aws, kit):
    change.carry_out(kit.proven(kit.edit(None, AFTER)), aws, kit.store, kit.way)
    change.roll_back(kit.store, aws, way=kit.way)
    assert aws.client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []


def test_rolling_back_a_managed_policy_restores_its_version_and_deletes_the_new_one(aws, managed, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), aws, kit.store, kit.way)
    change.roll_back(kit.store, aws, way=kit.way)
    versions = aws.client("iam").list_policy_versions(PolicyArn=managed)["Versions"]
    assert [(one["VersionId"], one["IsDefaultVersion"]) for one in versions] == [("v1", True)]
    assert text_of(aws) == OLD


def test_a_setting_is_carried_out_and_put_back(aws, kit):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    before = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}
    s3.put_bucket_ownership_controls(Bucket="data", **before)
    after = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
    setting = SettingEdit(target="arn:aws:s3:::data", operation="s3:PutBucketOwnershipControls", before=before, after=after)
    outcome = change.carry_out(kit.proven(setting), aws, kit.store, kit.way)
    assert s3.get_bucket_ownership_controls(Bucket="data")["OwnershipControls"] == after["OwnershipControls"]
    assert outcome.record.state == "in_force"
    change.roll_back(kit.store, aws, way=kit.way)
    assert s3.get_bucket_ownership_controls(Bucket="data")["OwnershipControls"] == before["OwnershipControls"]


def test_a_setting_that_somebody_changed_is_not_overwritten(aws, kit):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_ownership_controls(Bucket="data", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    after = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
    setting = SettingEdit(target="arn:aws:s3:::data", operation="s3:PutBucketOwnershipControls", before=None, after=after)
    with pytest.raises(UndenyError) as caught:
        change.carry_out(kit.proven(setting), aws, kit.store, kit.way)
    assert caught.value.code == "changed-meanwhile"


def test_a_key_policy_is_carried_out_and_put_back_byte_for_byte(aws, kit):
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    old = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    before = json.loads(old)
    statement = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Decrypt", "Resource": "*"}
    change.carry_out(
        kit.proven(kit.edit(before, before | {"Statement": [*before["Statement"], statement]}, None, "resource", key)),
        aws,
        kit.store,
        kit.way,
    )
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"][-1] == statement
    change.roll_back(kit.store, aws, way=kit.way)
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == old


def test_several_steps_are_undone(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER), kit.edit(None, AFTER, policy="q")), inline, kit.store, kit.way)
    change.roll_back(kit.store, inline, way=kit.way)
    assert (text_of(inline), text_of(inline, "q")) == (OLD, None)


def test_what_somebody_changed_since_is_not_overwritten_unless_forced(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    theirs = json.dumps(AFTER | {"Id": "theirs"})
    inline.client("iam").put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=theirs)
    with pytest.raises(UndenyError) as caught:
        change.roll_back(kit.store, inline, way=kit.way)
    assert caught.value.code == "changed-meanwhile"
    assert text_of(inline) == theirs
    change.roll_back(kit.store, inline, force=True, way=kit.way)
    assert text_of(inline) == OLD


def test_what_somebody_undid_by_hand_is_left_and_the_change_is_closed(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    inline.client("iam").put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=OLD)
    assert change.roll_back(kit.store, inline, way=kit.way).record.state == "rolled_back"
    assert text_of(inline) == OLD


def test_a_change_is_rolled_back_once(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    change.roll_back(kit.store, inline, way=kit.way)
    with pytest.raises(UndenyError) as caught:
        change.roll_back(kit.store, inline, way=kit.way)
    assert caught.value.code == "already-rolled-back"


def test_a_later_step_that_fails_leaves_a_change_that_can_be_undone(inline, kit, monkeypatch):
    with monkeypatch.context() as patch:
        trust = kit.edit(inline.client("iam").get_role(RoleName="App")["Role"]["AssumeRolePolicyDocument"], AFTER, None, "resource")
        fails_on(patch, "UpdateAssumeRolePolicy")
        with pytest.raises(UndenyError) as caught:
            change.carry_out(kit.proven(kit.edit(BEFORE, AFTER), trust), inline, kit.store, kit.way)
    record = kit.store.change()
    assert record.state == "partly"
    assert f"undeny rollback {record.id}" in caught.value.help[-1]
    assert record.steps[1].error is not None
    change.roll_back(kit.store, inline, way=kit.way)
    assert text_of(inline) == OLD


@pytest.mark.parametrize("kind", ["inline", "managed"])
def test_a_program_that_ends_before_awss_answer_leaves_a_change_that_can_be_undone(kind, request, aws, kit, monkeypatch):
    request.getfixturevalue(kind)
    with monkeypatch.context() as patch:
        fails_on(patch, "PutRolePolicy", "CreatePolicyVersion", lost=True)
        with pytest.raises(KeyboardInterrupt):
            change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), aws, kit.store, kit.way)
    record = kit.store.change()
    assert (record.state, len(record.interrupted)) == ("applying", 1)
    change.roll_back(kit.store, aws, way=kit.way)
    assert text_of(aws) == OLD
    assert kit.store.change().state == "rolled_back"


def test_a_text_that_aws_shows_late_is_waited_for(inline, kit, monkeypatch):
    import botocore.client

    call, left, waited = botocore.client.BaseClient._make_api_call, [3], []

    def late(self, operation, parameters):
        if operation == "GetRolePolicy" and kit.store.changes() and kit.store.changes()[0].steps and left[0]:
            left[0] -= 1
            return {"PolicyDocument": OLD, "PolicyName": "p", "RoleName": "App"}
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", late)
    way = msgspec.structs.replace(kit.way, wait=waited.append)
    outcome = change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, way)
    assert waited == [0.2, 0.4, 0.8]
    assert outcome.seconds == pytest.approx(1.4)


def test_a_text_that_aws_never_shows_is_told(inline, kit, monkeypatch):
    import botocore.client

    call = botocore.client.BaseClient._make_api_call

    def deaf(self, operation, parameters):
        return {} if operation == "PutRolePolicy" else call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", deaf)
    with pytest.raises(UndenyError) as caught:
        change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    assert caught.value.code == "not-read-back"
    assert kit.store.change().state == "partly"


def test_another_accounts_change_is_not_rolled_back_from_here(inline, kit):
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, kit.way)
    import boto3

    made = inline.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/Other", RoleSessionName="here")["Credentials"]
    other = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"], REGION)
    with pytest.raises(UndenyError) as caught:
        change.roll_back(kit.store, other, way=kit.way)
    assert caught.value.code == "wrong-account"


def test_the_denied_call_is_repeated_where_its_caller_can(inline, kit):
    import boto3

    inline.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    inline.client("s3").put_object(Bucket="data", Key="k", Body=b"x")
    made = inline.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="here")["Credentials"]
    caller = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"], REGION)
    way = msgspec.structs.replace(kit.way, request=CALL, caller=caller)
    outcome = change.carry_out(kit.proven(kit.edit(BEFORE, AFTER)), inline, kit.store, way)
    assert outcome.verification.verified == "allowed"
    assert outcome.verification.how == "repeated as s3.get_object"


def test_a_runbook_tells_what_was_done_and_how_to_undo_it(inline, kit):
    seen = kit.store.save_explanation({"cause": {"code": "wrong-resource-arn"}})
    way = msgspec.structs.replace(kit.way, explanation=seen, request=CALL)
    change.carry_out(kit.proven(kit.edit(BEFORE, AFTER), code="wrong-resource-arn"), inline, kit.store, way)
    told = change.runbook(kit.store)
    assert (told.title, told.code, told.state) == ("allow it", "wrong-resource-arn", "in_force")
    assert told.explanation["cause"]["code"] == "wrong-resource-arn"
    assert told.undo == f"undeny rollback {told.change}"
    assert (told.steps[0].before, told.steps[0].after, told.steps[0].outcome) == (OLD, AFTER, "done")
    assert told.steps[0].danger == DANGERS["iam:PutRolePolicy"]


def test_saving_an_explanation_needs_no_boto3():
    import subprocess
    import sys

    code = "import sys; from undeny.change.store import Store; assert 'boto3' not in sys.modules and 'botocore' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
