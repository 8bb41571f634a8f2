"""The case after a fix: only what the fix says is different, and the case before it is as it was."""

import json

import msgspec

from undeny import fix, pipeline
from undeny.fix import requests
from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit

ROLE = "arn:aws:sts::111122223333:assumed-role/App/i-1"
HOLDER = "arn:aws:iam::111122223333:role/App"
OBJECT = "arn:aws:s3:::logs/2026/app.json"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def case(action="s3:GetObject", on=OBJECT, **layers):
    held = {"identity": [], "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    things = layers.pop("resources", {})
    request = {
        "principal": ROLE,
        "action": action,
        "resource": on,
        "resource_account": "111122223333",
        "context": {"s3:x-amz-acl": "private"},
    }
    given = {"id": "x", "text": "Access Denied", "request": request, "policies": held | layers, "resources": things}
    return pipeline.walk(given).case


def carried(of, *changes):
    return fix.carried_out(of, Fix(id="f", title="t", layer="l", applicability="machine_applicable", changes=changes))


def edit(layer, target, policy, after):
    return PolicyEdit(layer=layer, target=target, policy=policy, before=None, after=after)


def test_a_new_identity_policy_allows_and_the_case_before_is_untouched():
    before = case()
    told = msgspec.json.encode(before.verdicts)
    after = carried(before, edit("identity", HOLDER, "new", doc(allow("s3:GetObject", OBJECT))))
    assert [v.decision for v in after.verdicts][:1] == ["allowed"]
    assert msgspec.json.encode(before.verdicts) == told
    assert before.evidence.policies.identity == ()


def test_a_policy_of_the_same_name_is_replaced_and_others_stay():
    held = [{"name": "a", "policy": doc(allow("sqs:*"))}, {"name": "b", "policy": doc(allow("sns:*"))}]
    after = carried(case(identity=held), edit("identity", HOLDER, "a", doc(allow("s3:*"))))
    assert [(p.name, p.document.data["Statement"][0]["Action"]) for p in after.evidence.policies.identity] == [
        ("a", "s3:*"),
        ("b", "sns:*"),
    ]


def test_a_policy_whose_after_is_none_is_gone():
    held = [{"name": "a", "policy": doc(allow("s3:*"))}]
    assert carried(case(identity=held), edit("identity", HOLDER, "a", None)).evidence.policies.identity == ()


def test_a_things_policy_is_found_by_its_own_arn_and_by_its_objects():
    statement = doc(allow("s3:GetObject", "arn:aws:s3:::logs/*", Principal={"AWS": HOLDER}))
    after = carried(case(), edit("resource", "arn:aws:s3:::logs", None, statement))
    assert after.verdicts[0].decision == "allowed"
    beside = carried(case("sqs:SendMessage", QUEUE), edit("resource", QUEUE, None, doc(allow("sqs:*", QUEUE, Principal={"AWS": HOLDER}))))
    assert beside.verdicts[0].decision == "allowed"


def test_a_layer_that_was_not_read_stays_unread():
    after = carried(case(identity="unknown"), edit("identity", HOLDER, "new", doc(allow("s3:GetObject", OBJECT))))
    assert after.verdicts[0].decision != "allowed"


def test_only_the_level_that_is_named_changes():
    full = {"name": "FullAWSAccess", "policy": doc(allow("*"))}
    levels = [{"target": t, "policies": [full, {"name": "no", "policy": doc(allow("s3:*") | {"Effect": "Deny"})}]} for t in ("r-1", "ou-1")]
    after = carried(case(scp=levels, identity=[{"name": "a", "policy": doc(allow("s3:*"))}]), edit("scp", "r-1", "no", doc(allow("sqs:*"))))
    assert after.verdicts[0].decision == "explicitly_denied"
    assert {s.target for s in after.verdicts[0].statements if s.effect == "Deny" and s.applies} == {"ou-1"}


def test_a_changed_call_keeps_the_rest_of_its_context():
    after = carried(case(), CallEdit(how="x", context={"S3:X-AMZ-ACL": "bucket-owner-full-control", "aws:RequestedRegion": "eu-west-1"}))
    assert dict(after.requests[0].context) == {"S3:X-AMZ-ACL": "bucket-owner-full-control", "aws:RequestedRegion": "eu-west-1"}


def test_a_setting_is_a_fact_of_its_thing_afterwards():
    change = SettingEdit(
        target="arn:aws:s3:::logs",
        operation="s3:PutBucketOwnershipControls",
        before=None,
        after={"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    )
    assert carried(case(), change).evidence.resources["arn:aws:s3:::logs"].settings["ObjectOwnership"] == "BucketOwnerEnforced"


def test_a_change_with_placeholders_changes_nothing():
    before = case()
    after = carried(before, edit("identity", HOLDER, "new", doc(allow("s3:GetObject", "arn:aws:s3:::<bucket>/<key>"))))
    assert after.evidence == before.evidence


def test_blocks_of_conditions_are_merged_without_case():
    merged = requests.merged({"ArnLike": {"aws:SourceArn": "a"}}, {"arnlike": {"AWS:SourceArn": "b"}, "Bool": {"x": "true"}})
    assert json.dumps(merged) == json.dumps({"ArnLike": {"AWS:SourceArn": "b"}, "Bool": {"x": "true"}})
