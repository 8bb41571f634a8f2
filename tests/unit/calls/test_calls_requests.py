"""From a denial to the requests that the call itself made."""

import pytest

from undeny import calls
from undeny.calls import Given
from undeny.denial.model import Denial

SESSION = "arn:aws:sts::111122223333:assumed-role/App/i-0abc"


def event(operation, source, parameters, **more):
    told = {"principal": SESSION, "region": "eu-west-1", "wrapper": "cloudtrail", "principal_type": "AssumedRole"} | more
    return Denial(operation=operation, event_source=f"{source}.amazonaws.com", parameters=parameters, **told)


def first(denial, **given):
    return calls.requests_of(denial, Given(**given))[0]


def test_the_sentence_wins_over_the_operation():
    denial = Denial(operation="CreateFunction", service="lambda", action="IAM:passrole", resource="arn:aws:iam::111122223333:role/r")
    request = first(denial)
    assert (request.action, request.resource, request.resource_account) == (
        "iam:PassRole",
        "arn:aws:iam::111122223333:role/r",
        "111122223333",
    )


def test_what_is_given_wins_over_the_sentence():
    denial = Denial(action="s3:GetObject", resource="arn:aws:s3:::a/k", principal=SESSION)
    request = first(
        denial, action="s3:putobject", resource="arn:aws:s3:::b/k", principal="anonymous", context={"aws:SourceIp": "203.0.113.9"}
    )
    assert (request.action, request.resource, request.principal) == ("s3:PutObject", "arn:aws:s3:::b/k", "anonymous")
    assert request.context["aws:SourceIp"] == "203.0.113.9"


def test_without_an_action_there_is_no_request():
    assert calls.requests_of(Denial(message="Access Denied")) == ()


def test_a_bare_s3_denial_has_an_action_and_no_known_resource():
    request = first(Denial(operation="PutObject", error_code="AccessDenied"))
    assert (request.action, request.resource) == ("s3:PutObject", "*")
    assert "resource" in request.unknown_keys
    assert "action" not in request.unknown_keys
    assert "s3:x-amz-acl" in request.unknown_keys
    assert "aws:PrincipalTag/*" in request.unknown_keys


def test_an_operation_of_several_services_says_that_the_action_is_not_known():
    request = first(Denial(operation="GetFunction", error_code="AccessDeniedException"))
    assert request.action == "lambda:GetFunction"
    assert "action" in request.unknown_keys


def test_the_words_of_an_error_tell_services_apart():
    assert "action" not in first(Denial(operation="DescribeInstances", error_code="UnauthorizedOperation")).unknown_keys
    assert first(Denial(operation="GetObject", error_code="403")).unknown_keys[0] == "resource"


def test_an_operation_named_as_an_action_is_turned_into_the_action():
    assert first(Denial(action="s3:ListObjectsV2")).action == "s3:ListBucket"


def test_a_copy_is_two_requests():
    found = calls.requests_of(event("CopyObject", "s3", {"bucketName": "to", "key": "k", "x-amz-copy-source": "/from/a/b"}))
    assert [(one.action, one.resource) for one in found] == [
        ("s3:PutObject", "arn:aws:s3:::to/k"),
        ("s3:GetObject", "arn:aws:s3:::from/a/b"),
    ]


@pytest.mark.parametrize(
    ("operation", "source", "parameters", "action", "resource"),
    [
        ("GetObject", "s3", {"bucketName": "b", "key": "a/k"}, "s3:GetObject", "arn:aws:s3:::b/a/k"),
        ("GetObject", "s3", {"bucketName": "b", "key": "k", "versionId": "v1"}, "s3:GetObjectVersion", "arn:aws:s3:::b/k"),
        ("ListObjects", "s3", {"bucketName": "b", "prefix": "x/"}, "s3:ListBucket", "arn:aws:s3:::b"),
        ("GetBucketVersioning", "s3", {"bucketName": "b", "Host": "h"}, "s3:GetBucketVersioning", "arn:aws:s3:::b"),
        ("PutBucketPublicAccessBlock", "s3", {"bucketName": "b"}, "s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b"),
        ("ListBuckets", "s3", {}, "s3:ListAllMyBuckets", "*"),
        (
            "GetObject", "s3", {"bucketName": "arn:aws:s3:eu-west-1:111122223333:accesspoint/p", "key": "k"}, "s3:GetObject",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/p/object/k",
        ),
        (
            "PutObject", "s3", {"bucketName": "b--euw1-az1--x-s3", "key": "k"}, "s3express:CreateSession",
            "arn:aws:s3express:eu-west-1:111122223333:bucket/b--euw1-az1--x-s3",
        ),
        ("CreateRole", "iam", {"roleName": "r", "path": "/team/"}, "iam:CreateRole", "arn:aws:iam::111122223333:role/team/r"),
        ("GetRole", "iam", {"roleName": "r"}, "iam:GetRole", "arn:aws:iam::111122223333:role/r"),
        (
            "CreateServiceLinkedRole", "iam", {"aWSServiceName": "es.amazonaws.com"}, "iam:CreateServiceLinkedRole",
            "arn:aws:iam::111122223333:role/aws-service-role/es.amazonaws.com/*",
        ),
        ("AssumeRole", "sts", {"roleArn": "arn:aws:iam::444455556666:role/x"}, "sts:AssumeRole", "arn:aws:iam::444455556666:role/x"),
        ("Decrypt", "kms", {"keyId": "1234"}, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1234"),
        ("Invoke", "lambda", {"functionName": "f", "qualifier": "live"}, "lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f:live"),
        (
            "UpdateFunctionCode20150331v2", "lambda", {"functionName": "444455556666:function:f"}, "lambda:UpdateFunctionCode",
            "arn:aws:lambda:eu-west-1:444455556666:function:f",
        ),
        (
            "Query", "dynamodb", {"tableName": "t", "indexName": "i"}, "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i",
        ),
        ("BatchGetItem", "dynamodb", {"requestItems": {"t": {}}}, "dynamodb:BatchGetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
        ("ExecuteStatement", "dynamodb", {"statement": 'SELECT * FROM "t"'}, "dynamodb:PartiQLSelect", "*"),
        (
            "SendMessage", "sqs", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/444455556666/q"}, "sqs:SendMessage",
            "arn:aws:sqs:us-east-1:444455556666:q",
        ),
        ("Publish", "sns", {"topicArn": "arn:aws:sns:eu-west-1:111122223333:t"}, "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t"),
        (
            "GetSecretValue", "secretsmanager", {"secretId": "prod/db"}, "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-??????",
        ),
        ("GetParameter", "ssm", {"name": "/app/db"}, "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db"),
        ("RunInstances", "ec2", {"instanceType": "t3.micro"}, "ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*"),
        ("AttachVolume", "ec2", {"volumeId": "vol-1", "instanceId": "i-1"}, "ec2:AttachVolume", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1"),
        (
            "TerminateInstances", "ec2", {"instancesSet": {"items": [{"instanceId": "i-1"}]}}, "ec2:TerminateInstances",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        ),
        ("DescribeInstances", "ec2", {}, "ec2:DescribeInstances", "*"),
        ("DescribeImages", "ecr", {"repositoryName": "app"}, "ecr:DescribeImages", "arn:aws:ecr:eu-west-1:111122223333:repository/app"),
        ("GetAuthorizationToken", "ecr", {}, "ecr:GetAuthorizationToken", "*"),
        (
            "PutLogEvents", "logs", {"logGroupName": "g", "logStreamName": "s"}, "logs:PutLogEvents",
            "arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s",
        ),
        ("PutRule", "events", {"name": "r", "eventBusName": "bus"}, "events:PutRule", "arn:aws:events:eu-west-1:111122223333:rule/bus/r"),
        ("PutTargets", "events", {"rule": "r"}, "events:PutTargets", "arn:aws:events:eu-west-1:111122223333:rule/r"),
        (
            "CreateStateMachine", "states", {"name": "m"}, "states:CreateStateMachine",
            "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
        ),
        ("RunTask", "ecs", {"taskDefinition": "td:3"}, "ecs:RunTask", "arn:aws:ecs:eu-west-1:111122223333:task-definition/td:3"),
        ("CreateStack", "cloudformation", {"stackName": "s"}, "cloudformation:CreateStack", "arn:aws:cloudformation:eu-west-1:111122223333:stack/s/*"),
        ("GetRestApi", "apigateway", {"restApiId": "abc"}, "apigateway:GET", "arn:aws:apigateway:eu-west-1::/restapis/abc"),
        ("GetRestApis", "apigateway", {}, "apigateway:GET", "arn:aws:apigateway:eu-west-1::/restapis"),
        ("CreateApi", "apigateway", {}, "apigateway:POST", "arn:aws:apigateway:eu-west-1::/apis"),
    ],
)  # fmt: skip
def test_an_events_parameters_give_the_action_and_the_arn(operation, source, parameters, action, resource):
    request = first(event(operation, source, parameters))
    assert (request.action, request.resource) == (action, resource)


def test_the_key_behind_an_alias_is_not_guessed():
    request = first(event("Decrypt", "kms", {"keyId": "alias/app", "encryptionContext": {"tenant": "7"}}))
    assert (request.resource, request.unknown_keys[0]) == ("*", "resource")
    assert request.context["kms:RequestAlias"] == "alias/app"
    assert request.context["kms:EncryptionContext:tenant"] == "7"


def test_a_bare_name_in_the_sentence_is_a_parameter():
    request = first(Denial(action="iam:GetRole", resource="role voclabs", principal=SESSION))
    assert request.resource == "arn:aws:iam::111122223333:role/voclabs"


def test_an_arn_beside_the_sentence_is_taken_where_its_kind_fits():
    denial = event("GetObject", "s3", None, resources=("arn:aws:s3:::b", "arn:aws:s3:::b/k"))
    assert first(denial).resource == "arn:aws:s3:::b/k"


def test_partitions_are_kept():
    denial = event("GetQueueUrl", "sqs", {"queueName": "q"}, principal="arn:aws-us-gov:iam::111122223333:user/u", region="us-gov-west-1")
    assert first(denial).resource == "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:q"


def test_the_account_of_a_bucket_is_not_known():
    assert first(event("GetObject", "s3", {"bucketName": "b", "key": "k"})).resource_account is None
    assert first(event("DescribeInstances", "ec2", {})).resource_account == "111122223333"
    assert (
        first(
            Denial(action="bedrock:InvokeModel", resource="arn:aws:bedrock:eu-west-1::foundation-model/m", principal=SESSION)
        ).resource_account
        is None
    )


def test_parameters_become_condition_keys_of_the_action():
    tags = {"tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": [{"key": "team", "value": "a"}]}]}}
    run = first(event("RunInstances", "ec2", {"instanceType": "t3.micro"} | tags))
    assert run.context["ec2:InstanceType"] == "t3.micro"
    assert run.context["aws:RequestTag/team"] == "a"
    assert run.context["aws:TagKeys"] == ("team",)
    put = first(
        event("PutObject", "s3", {"bucketName": "b", "key": "k", "x-amz-acl": "public-read", "x-amz-server-side-encryption": "aws:kms"})
    )
    assert put.context["s3:x-amz-acl"] == "public-read"
    assert put.context["s3:x-amz-server-side-encryption"] == "aws:kms"
    role = first(event("CreateRole", "iam", {"roleName": "r", "permissionsBoundary": "arn:aws:iam::111122223333:policy/b"}))
    assert role.context["iam:PermissionsBoundary"] == "arn:aws:iam::111122223333:policy/b"
    assume = first(event("AssumeRole", "sts", {"roleArn": "arn:aws:iam::111122223333:role/x", "externalId": "e", "roleSessionName": "s"}))
    assert (assume.context["sts:ExternalId"], assume.context["sts:RoleSessionName"]) == ("e", "s")


def test_a_parameter_is_no_key_of_an_action_that_does_not_know_it():
    assert "s3:prefix" not in first(event("GetObject", "s3", {"bucketName": "b", "key": "k", "prefix": "x"})).context


@pytest.mark.parametrize(
    "tags",
    [
        {"tags": {"team": "a"}},
        {"tags": [{"key": "team", "value": "a"}]},
        {"Tags": [{"Key": "team", "Value": "a"}]},
        {"tags": [{"tagKey": "team", "tagValue": "a"}]},
        {"tagging": {"tagSet": {"tag": [{"key": "team", "value": "a"}]}}},
    ],
)
def test_tags_are_read_in_every_shape_that_aws_gives_them(tags):
    request = first(event("CreateKey", "kms", tags))
    assert request.context["aws:RequestTag/team"] == "a"


def test_through_an_endpoint_the_address_is_another_key():
    denial = event("GetObject", "s3", {"bucketName": "b", "key": "k"}, source_ip="10.0.0.7", vpc_endpoint_id="vpce-1")
    request = first(denial)
    assert request.context["aws:VpcSourceIp"] == "10.0.0.7"
    assert request.context["aws:SourceVpce"] == "vpce-1"
    assert "aws:SourceIp" not in request.context
    assert "aws:SourceVpc" in request.unknown_keys


def test_an_event_proves_that_a_key_was_absent():
    request = first(event("GetObject", "s3", {"bucketName": "b", "key": "k"}, source_ip="203.0.113.9", principal_type="IAMUser"))
    assert "aws:SourceVpce" not in request.unknown_keys
    assert "aws:MultiFactorAuthPresent" not in request.unknown_keys
    assert "aws:PrincipalTag/*" in request.unknown_keys


def test_a_call_made_for_the_caller_says_so():
    request = first(event("GetObject", "s3", {"bucketName": "b", "key": "k"}, invoked_by="cloudformation.amazonaws.com"))
    assert request.context["aws:ViaAWSService"] == "true"
    assert request.context["aws:CalledVia"] == ("cloudformation.amazonaws.com",)


def test_the_operation_tells_to_whom_a_refused_role_was_passed():
    sentence = {"action": "iam:PassRole", "resource": "arn:aws:iam::111122223333:role/r", "principal": SESSION}
    assert first(Denial(operation="RegisterTaskDefinition", **sentence)).context["iam:PassedToService"] == "ecs-tasks.amazonaws.com"
    assert first(Denial(operation="CreateFunction", service="Lambda", **sentence)).context["iam:PassedToService"] == "lambda.amazonaws.com"
    untold = first(Denial(**sentence))
    assert "iam:PassedToService" not in untold.context
    assert "iam:PassedToService" in untold.unknown_keys


def test_the_operation_tells_through_which_service_a_key_was_refused():
    key = "arn:aws:kms:us-east-1:111122223333:key/k"
    refused = Denial(operation="GetSecretValue", action="kms:Decrypt", resource=key, principal=SESSION)
    assert first(refused).context["kms:ViaService"] == "secretsmanager.us-east-1.amazonaws.com"
    assert first(refused).context["kms:CallerAccount"] == "111122223333"
    invoked = event("Decrypt", "kms", {"encryptionContext": {}}, invoked_by="dynamodb.amazonaws.com")
    assert first(invoked).context["kms:ViaService"] == "dynamodb.eu-west-1.amazonaws.com"
    direct = event("Decrypt", "kms", {"keyId": key})
    assert "kms:ViaService" not in first(direct).context
    assert "aws:ViaAWSService" not in first(direct).context


def test_tags_refused_at_creation_name_the_creating_operation():
    refused = Denial(
        operation="RunInstances", action="ec2:CreateTags", resource="arn:aws:ec2:us-east-1:111122223333:instance/*", principal=SESSION
    )
    assert first(refused).context["ec2:CreateAction"] == "RunInstances"
    assert "ec2:CreateAction" not in first(event("CreateTags", "ec2", {})).context
