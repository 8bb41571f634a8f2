"""Kindred errors of IAM: the very place in the document that a call sends, how long it is, whose name is taken."""

import json

import pytest

import undeny
from undeny.iam import document as documents
from undeny.iam import write
from undeny.prove import equivalent

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
ASSUME = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def policy(*statements, **more):
    return {"Version": "2012-10-17", **more, "Statement": list(statements)}


def event(operation, code, message, source="iam.amazonaws.com", partition="aws", **parameters):
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": f"arn:{partition}:sts::111122223333:assumed-role/Dev/x",
            "accountId": "111122223333",
        },
        "eventTime": "2026-11-20T09:30:00Z",
        "eventSource": source,
        "eventName": operation,
        "awsRegion": "us-east-1",
        "errorCode": code,
        "errorMessage": message,
        "requestParameters": parameters,
        "eventID": "0b1c2d3e-0000-4000-8000-000000000001",
        "recipientAccountId": "111122223333",
    }


def put(message, document, **more):
    text = document if isinstance(document, str) else json.dumps(document, indent=2)
    return undeny.explain(event("PutRolePolicy", "MalformedPolicyDocumentException", message, policyDocument=text, roleName="app", **more))


def sent(found):
    """The documents that the first fix says to send."""
    told = found.fixes[0].changes[0].how
    return [json.loads(part) for part in _documents(told)]


def _documents(told):
    at = told.index("{\n") if "{\n" in told else None
    return [told[at:]] if at is not None else [line for line in told.splitlines() if line.startswith("{")]


def test_a_resource_in_a_trust_policy_is_pointed_at_and_taken_out():
    trust = json.dumps(policy({**ASSUME, "Resource": "*"}), indent=2)
    message = "Has prohibited field Resource"
    found = undeny.explain(event("CreateRole", "MalformedPolicyDocumentException", message, roleName="app", assumeRolePolicyDocument=trust))
    assert (found.cause.code, found.cause.key) == ("malformed-policy", "Statement[0].Resource")
    assert "line 10" in found.cause.summary
    assert sent(found) == [policy(ASSUME)]


def test_a_partition_of_another_account_is_put_right():
    document = policy(READ | {"Resource": ["arn:aws:s3:::b/*"]})
    message = 'Partition "aws" is not valid for resource "arn:aws:s3:::b/*".'
    text = json.dumps(document)
    found = undeny.explain(event("PutRolePolicy", "MalformedPolicyDocumentException", message, partition="aws-us-gov", policyDocument=text))
    assert found.cause.key == "Statement[0].Resource[0]"
    assert sent(found) == [policy(READ | {"Resource": ["arn:aws-us-gov:s3:::b/*"]})]


def test_a_deleted_principal_goes_where_others_stay_and_is_left_to_a_person_where_it_is_alone():
    gone, stays = "AROAEXAMPLE1234567890", "arn:aws:iam::111122223333:root"
    for held, mended in (([gone, stays], [stays]), (gone, None)):
        document = policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": held}})
        message = f'Invalid principal in policy: "AWS":"{gone}"'
        text = json.dumps(document)
        found = undeny.explain(event("UpdateAssumeRolePolicy", "MalformedPolicyDocumentException", message, policyDocument=text))
        assert "was deleted" in found.cause.summary
        if mended:
            assert sent(found)[0]["Statement"][0]["Principal"] == {"AWS": mended}
        else:
            assert found.fixes[0].applicability == "has_placeholders"


def test_a_text_that_is_no_json_is_pointed_at_and_a_comma_too_many_taken_out():
    found = put("Syntax errors in policy.", json.dumps(policy(READ)).replace("}]", "},]"))
    assert "line 1, column" in found.cause.summary
    assert sent(found) == [policy(READ)]
    assert put("Syntax errors in policy.", "{nothing").fixes[0].applicability == "has_placeholders"


def test_a_bucket_named_without_its_arn_is_written_as_one():
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*"}
    document = policy(statement | {"Resource": "site/*"})
    found = undeny.explain(
        event(
            "PutBucketPolicy",
            "MalformedPolicy",
            "Policy has invalid resource",
            "s3.amazonaws.com",
            bucketName="site",
            bucketPolicy=document,
        )
    )
    assert sent(found) == [policy(statement | {"Resource": "arn:aws:s3:::site/*"})]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (READ | {"Principal": "*"}, "Statement[0].Principal"),
        (READ | {"Sid": "not so"}, "Statement[0].Sid"),
        (READ | {"Action": "GetObject"}, "Statement[0].Action"),
        ({"Effect": "Allow", "Action": "s3:GetObject"}, "Statement[0]"),
    ],
)
def test_what_an_identity_policy_does_not_take_is_pointed_at(statement, place):
    assert put("Syntax errors in policy.", policy(statement)).cause.key == place


def test_every_mended_document_is_one_that_the_language_takes():
    document = policy(READ | {"Principal": "*", "Sid": "not so"}, Version="2012-10-18")
    mended = sent(put("Syntax errors in policy.", document))[0]
    assert documents.read(mended).problems == ()
    assert mended["Statement"][0] == READ | {"Sid": "notso"}


def too_long(limit, *statements):
    text = json.dumps(policy(*statements), indent=4)
    return undeny.explain(
        event("CreatePolicy", "LimitExceededException", f"Cannot exceed quota for PolicySize: {limit}", policyDocument=text)
    )


def test_a_long_policy_is_counted_as_aws_counts_and_merged_into_the_same_one():
    statements = [READ | {"Action": f"s3:Get{name}"} for name in [f"Object{i}" for i in range(8)]]
    found = too_long(400, *statements)
    assert (found.cause.code, found.cause.got, found.cause.wanted) == (
        "policy-size-limit",
        (str(write.size(policy(*statements), "identity")),),
        ("400",),
    )
    (document,) = sent(found)
    assert write.size(document, "identity") <= 400
    assert equivalent(policy(*statements), document).holds is True


def test_a_long_policy_that_cannot_be_merged_is_split_and_says_the_same_together():
    statements = [{"Effect": "Allow", "Action": f"s3:GetObject{i}", "Resource": f"arn:aws:s3:::bucket-{i}/*"} for i in range(120)]
    parts = sent(too_long(6144, *statements))
    assert len(parts) > 1
    assert all(write.size(part, "identity") <= 6144 for part in parts)
    together = {json.dumps(one, sort_keys=True) for part in parts for one in part["Statement"]}
    assert together == {json.dumps(one, sort_keys=True) for one in statements}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name app already exists.",
            "aws_iam_role.this app",
        ),
        ("EntityAlreadyExists: Instance Profile k8s-master already exists.\n status code: 409", "aws_iam_instance_profile.this k8s-master"),
        ("ResourceAlreadyExistsException: The specified log group already exists", None),
    ],
)
def test_a_name_that_is_taken_is_imported_or_changed(text, told):
    found = undeny.explain(text)
    assert found.cause.code == "entity-already-exists"
    assert told is None or told in found.fixes[0].changes[0].how
    assert {change.kind if hasattr(change, "kind") else "call" for fix in found.fixes for change in fix.changes} == {"call"}


def test_the_holder_of_a_taken_name_is_told_by_its_tags():
    role = "arn:aws:iam::111122223333:role/app"
    tags = [{"Key": "aws:cloudformation:stack-name", "Value": "orders"}]
    found = undeny.explain(
        {
            "id": "x",
            "text": "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name app already exists.",
            "request": {"principal": "arn:aws:iam::111122223333:user/dev", "action": "iam:CreateRole", "resource": role},
            "policies": {"identity": [{"name": "p", "policy": policy({"Effect": "Allow", "Action": "*", "Resource": "*"})}]},
            "resources": {role: {"settings": {"Tags": tags}}},
        }
    )
    assert found.cause.code == "entity-already-exists"
    assert any("aws:cloudformation:stack-name orders" in fix.changes[0].how for fix in found.fixes)
