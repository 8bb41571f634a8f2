"""From a request to those that its call also needs. Kinds of case from public issues; names and ids are replaced."""

import pytest

from undeny import calls, catalog
from undeny.calls import Request

ROLE = "arn:aws:sts::111122223333:assumed-role/App/session"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
WORKER = "arn:aws:iam::111122223333:role/worker"
BUCKET = "arn:aws:s3:::b"
ENCRYPTED = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, "BucketKeyEnabled": False}]
    }
}
PLAIN = {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}}


def request(action, resource="*", principal=ROLE, **more):
    return Request(principal=principal, action=action, resource=resource, resource_account="111122223333", **more)


def behind(one, settings=None):
    found = calls.expand(one, settings or {})
    assert found[0] is one
    return found[1:]


def names(found, *, certain=True):
    return [one.action for one in found if one.certain is certain]


def test_a_call_with_nothing_behind_it_is_alone():
    assert behind(request("ec2:DescribeInstances")) == ()


def test_a_read_of_a_bucket_under_a_key_needs_decrypt_through_s3():
    (decrypt,) = behind(request("s3:GetObject", f"{BUCKET}/k"), {BUCKET: ENCRYPTED})
    assert (decrypt.action, decrypt.resource, decrypt.resource_account) == ("kms:Decrypt", KEY, "111122223333")
    assert (decrypt.role, decrypt.principal) == ("hidden", ROLE)
    assert decrypt.context["kms:ViaService"] == "s3.us-east-1.amazonaws.com"
    assert decrypt.context["kms:CallerAccount"] == "111122223333"
    assert decrypt.context["kms:EncryptionContext:aws:s3:arn"] == f"{BUCKET}/k"
    assert decrypt.context["aws:ViaAWSService"] == "true"
    assert decrypt.why == "S3 decrypts the object for you"
    assert decrypt.source.startswith("https://docs.aws.amazon.com/")


def test_with_bucket_keys_the_encryption_context_is_the_bucket():
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, "BucketKeyEnabled": True}]
    (decrypt,) = behind(request("s3:GetObject", f"{BUCKET}/k"), {BUCKET: {"ServerSideEncryptionConfiguration": {"Rules": rules}}})
    assert decrypt.context["kms:EncryptionContext:aws:s3:arn"] == BUCKET


def test_the_objects_own_encryption_wins_over_the_buckets():
    settings = {BUCKET: ENCRYPTED, f"{BUCKET}/k": {"ServerSideEncryption": "AES256"}}
    assert behind(request("s3:GetObject", f"{BUCKET}/k"), settings) == ()
    settings = {BUCKET: PLAIN, f"{BUCKET}/k": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}}
    assert names(behind(request("s3:GetObject", f"{BUCKET}/k"), settings)) == ["kms:Decrypt"]


def test_a_bucket_without_kms_has_nothing_behind_it():
    assert behind(request("s3:GetObject", f"{BUCKET}/k"), {BUCKET: PLAIN}) == ()
    assert behind(request("s3:PutObject", f"{BUCKET}/k"), {BUCKET: PLAIN}) == ()


def test_an_unread_bucket_may_have_a_key_which_counts_as_unread():
    (perhaps,) = behind(request("s3:GetObject", f"{BUCKET}/k"))
    assert (perhaps.action, perhaps.certain, "resource" in perhaps.unknown_keys) == ("kms:Decrypt", False, True)
    assert perhaps.resource == "arn:aws:kms:*:111122223333:key/*"


def test_an_anonymous_read_of_an_unread_bucket_asks_nothing_of_kms():
    assert behind(request("s3:GetObject", f"{BUCKET}/k", principal="anonymous")) == ()


def test_an_upload_needs_a_data_key_and_in_parts_decrypt_too():
    found = behind(request("s3:PutObject", f"{BUCKET}/k"), {BUCKET: ENCRYPTED})
    assert names(found) == ["kms:GenerateDataKey"]
    assert names(found, certain=False) == ["kms:Decrypt"]
    part = request("s3:PutObject", f"{BUCKET}/k", parameters={"uploadId": "u", "partNumber": "1"})
    assert names(behind(part, {BUCKET: ENCRYPTED})) == ["kms:GenerateDataKey", "kms:Decrypt"]


def test_the_headers_of_an_upload_win_over_the_bucket():
    context = {"s3:x-amz-server-side-encryption": "aws:kms", "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY}
    found = behind(request("s3:PutObject", f"{BUCKET}/k", context=context), {BUCKET: PLAIN})
    assert found[0].resource == KEY
    plain = {"s3:x-amz-server-side-encryption": "AES256"}
    assert behind(request("s3:PutObject", f"{BUCKET}/k", context=plain), {BUCKET: ENCRYPTED}) == ()


def test_kms_without_a_key_is_the_aws_managed_one_found_by_its_alias():
    context = {"s3:x-amz-server-side-encryption": "aws:kms", "aws:RequestedRegion": "us-east-1"}
    found = behind(request("s3:PutObject", f"{BUCKET}/k", context=context), {KEY: {"AliasName": "alias/aws/s3", "KeyManager": "AWS"}})
    assert found[0].resource == KEY
    unread = behind(request("s3:PutObject", f"{BUCKET}/k", context=context))
    assert unread[0].resource == "arn:aws:kms:us-east-1:111122223333:alias/aws/s3"
    assert "resource" in unread[0].unknown_keys


def test_headers_of_an_upload_need_permissions_of_their_own():
    context = {"s3:x-amz-acl": "public-read", "s3:object-lock-mode": "GOVERNANCE", "s3:RequestObjectTagKeys": ("a",)}
    found = behind(request("s3:PutObject", f"{BUCKET}/k", context=context), {BUCKET: PLAIN})
    assert names(found) == ["s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectRetention"]
    assert {one.role for one in found} == {"dependent"}


def test_log_delivery_with_full_control_needs_only_put_object():
    delivery = request(
        "s3:PutObject", f"{BUCKET}/k", principal="cloudtrail.amazonaws.com", context={"s3:x-amz-acl": "bucket-owner-full-control"}
    )
    assert behind(delivery, {BUCKET: PLAIN}) == ()


def test_through_an_access_point_the_bucket_is_asked_too_and_its_key():
    point = "arn:aws:s3:us-east-2:111122223333:accesspoint/p"
    settings = {point: {"Bucket": "b", "BucketAccountId": "444455556666", "NetworkOrigin": "VPC"}, BUCKET: ENCRYPTED}
    found = behind(request("s3:GetObject", f"{point}/object/a/k"), settings)
    assert [(one.action, one.resource) for one in found] == [("s3:GetObject", f"{BUCKET}/a/k"), ("kms:Decrypt", KEY)]
    assert found[0].resource_account == "444455556666"
    assert found[0].context["s3:DataAccessPointArn"] == point
    assert found[0].context["s3:AccessPointNetworkOrigin"] == "VPC"


def test_a_copy_reads_its_source_and_takes_its_tags_along():
    copy = request("s3:PutObject", f"{BUCKET}/k", context={"s3:x-amz-copy-source": "/from/a/b"})
    found = behind(copy, {BUCKET: PLAIN, "arn:aws:s3:::from": PLAIN, "arn:aws:s3:::from/a/b": {"TagCount": 2}})
    assert names(found) == ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObjectTagging"]


@pytest.mark.parametrize(
    ("destination", "action"),
    [
        ("arn:aws:sqs:us-east-1:111122223333:q", "sqs:SendMessage"),
        ("arn:aws:sns:us-east-1:111122223333:t", "sns:Publish"),
        ("arn:aws:lambda:us-east-1:111122223333:function:f", "lambda:InvokeFunction"),
    ],
)
def test_s3_tests_each_event_destination_as_itself(destination, action):
    put = request(
        "s3:PutBucketNotification", BUCKET, parameters={"NotificationConfiguration": {"QueueConfiguration": {"Queue": destination}}}
    )
    found = behind(put, {destination: {"Owner": "111122223333"}})
    assert [(one.principal, one.action, one.resource) for one in found] == [("s3.amazonaws.com", action, destination)]
    assert found[0].context == {"aws:SourceArn": BUCKET, "aws:SourceAccount": "111122223333"}


def test_the_key_of_an_event_destination_is_asked_by_the_service_itself():
    queue = "arn:aws:sqs:us-east-1:111122223333:q"
    put = request("s3:PutBucketNotification", BUCKET, parameters={"NotificationConfiguration": {"QueueConfiguration": {"Queue": queue}}})
    found = behind(put, {queue: {"KmsMasterKeyId": KEY}})
    assert names(found) == ["sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt"]
    assert {one.principal for one in found} == {"s3.amazonaws.com"}
    assert "kms:ViaService" not in found[1].context
    assert found[1].context["aws:SourceArn"] == BUCKET


@pytest.mark.parametrize(
    ("action", "resource", "facts", "wanted", "via"),
    [
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", {"KmsMasterKeyId": KEY}, ["GenerateDataKey", "Decrypt"], "sqs"),
        ("sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:q", {"Attributes": {"KmsMasterKeyId": KEY}}, ["Decrypt"], "sqs"),
        ("sns:Publish", "arn:aws:sns:us-east-1:111122223333:t", {"KmsMasterKeyId": KEY}, ["GenerateDataKey", "Decrypt"], "sns"),
        (
            "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111122223333:secret:s-AbCdEf", {"KmsKeyId": KEY}, ["Decrypt"],
            "secretsmanager",
        ),
        ("ssm:GetParameter", "arn:aws:ssm:us-east-1:111122223333:parameter/p", {"Type": "SecureString", "KeyId": KEY}, ["Decrypt"], "ssm"),
        (
            "dynamodb:Query", "arn:aws:dynamodb:us-east-1:111122223333:table/t",
            {"SSEDescription": {"SSEType": "KMS", "KMSMasterKeyArn": KEY}}, ["Decrypt"], "dynamodb",
        ),
        ("kinesis:PutRecord", "arn:aws:kinesis:us-east-1:111122223333:stream/s", {"EncryptionType": "KMS", "KeyId": KEY}, ["GenerateDataKey"], "kinesis"),
    ],
)  # fmt: skip
def test_a_service_uses_the_key_of_its_thing_for_the_caller(action, resource, facts, wanted, via):
    found = behind(request(action, resource), {resource: facts})
    assert names(found) == [f"kms:{name}" for name in wanted]
    assert {one.resource for one in found} == {KEY}
    assert {one.context["kms:ViaService"] for one in found} == {f"{via}.us-east-1.amazonaws.com"}


def test_a_queue_without_a_key_asks_nothing_of_kms():
    queue = "arn:aws:sqs:us-east-1:111122223333:q"
    assert behind(request("sqs:SendMessage", queue), {queue: {"SqsManagedSseEnabled": "true"}}) == ()


def test_a_secret_without_a_key_of_its_own_is_under_the_aws_managed_one():
    secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:s-AbCdEf"
    (decrypt,) = behind(request("secretsmanager:GetSecretValue", secret), {secret: {"Name": "s"}})
    assert decrypt.resource == "arn:aws:kms:us-east-1:111122223333:alias/aws/secretsmanager"
    assert decrypt.context["kms:EncryptionContext:SecretARN"] == secret


def test_an_index_is_under_the_key_of_its_table():
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/t"
    found = behind(request("dynamodb:Query", f"{table}/index/i"), {table: {"SSEDescription": {"KMSMasterKeyArn": KEY}}})
    assert names(found) == ["kms:Decrypt"]
    assert found[0].context["aws:CalledVia"] == ("dynamodb.amazonaws.com",)


def test_a_string_parameter_asks_nothing_of_kms():
    parameter = "arn:aws:ssm:us-east-1:111122223333:parameter/p"
    assert behind(request("ssm:GetParameter", parameter), {parameter: {"Type": "String"}}) == ()


def test_attaching_an_encrypted_volume_takes_a_grant():
    volume = "arn:aws:ec2:us-east-1:111122223333:volume/vol-1"
    (grant,) = behind(request("ec2:AttachVolume", volume), {volume: {"Encrypted": True, "KmsKeyId": KEY}})
    assert (grant.action, grant.resource) == ("kms:CreateGrant", KEY)
    assert grant.context["kms:GrantIsForAWSResource"] == "true"
    assert grant.context["kms:ViaService"] == "ec2.us-east-1.amazonaws.com"


def test_an_instance_in_an_account_that_encrypts_by_default_uses_its_default_key():
    account = {"EbsEncryptionByDefault": True, "EbsDefaultKmsKeyId": KEY}
    launch = request("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*")
    found = behind(launch, {"arn:aws:iam::111122223333:root": account})
    assert names(found) == ["kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext"]
    assert behind(launch, {"arn:aws:iam::111122223333:root": {"EbsEncryptionByDefault": False}}) == ()


def test_an_instance_from_an_encrypted_image_uses_the_images_key():
    image = {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": KEY}}]}
    launch = request("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*")
    found = behind(launch, {"arn:aws:ec2:us-east-1::image/ami-1": image})
    assert "kms:CreateGrant" in names(found)


@pytest.mark.parametrize(
    ("action", "parameters", "service"),
    [
        ("lambda:CreateFunction", {"role": WORKER}, "lambda.amazonaws.com"),
        ("ecs:RegisterTaskDefinition", {"taskRoleArn": WORKER}, "ecs-tasks.amazonaws.com"),
        ("ecs:RunTask", {"overrides": {"taskRoleArn": WORKER}}, "ecs-tasks.amazonaws.com"),
        ("glue:CreateJob", {"role": WORKER}, "glue.amazonaws.com"),
        ("states:CreateStateMachine", {"roleArn": WORKER}, "states.amazonaws.com"),
        ("events:PutTargets", {"targets": [{"arn": "x", "roleArn": WORKER}]}, "events.amazonaws.com"),
        ("scheduler:CreateSchedule", {"target": {"arn": "x", "roleArn": WORKER}}, "scheduler.amazonaws.com"),
        ("cloudformation:CreateStack", {"roleARN": WORKER}, "cloudformation.amazonaws.com"),
        ("codepipeline:CreatePipeline", {"pipeline": {"roleArn": WORKER}}, "codepipeline.amazonaws.com"),
        ("sagemaker:CreateTrainingJob", {"roleArn": WORKER}, "sagemaker.amazonaws.com"),
        ("eks:CreateCluster", {"roleArn": WORKER}, "eks.amazonaws.com"),
        ("s3:PutReplicationConfiguration", {"ReplicationConfiguration": {"Role": WORKER}}, "s3.amazonaws.com"),
    ],
)
def test_a_role_that_the_call_names_is_passed_to_the_service(action, parameters, service):
    (passed,) = [one for one in behind(request(action, parameters=parameters)) if one.certain]
    assert (passed.action, passed.resource, passed.role) == ("iam:PassRole", WORKER, "dependent")
    assert passed.context["iam:PassedToService"] == service


def test_a_role_by_name_is_of_the_callers_account():
    (passed,) = behind(request("ecs:RegisterTaskDefinition", parameters={"executionRoleArn": "ecsTaskExecutionRole"}))
    assert passed.resource == "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"
    read = {"arn:aws:iam::111122223333:role/team/ecsTaskExecutionRole": {"Path": "/team/"}}
    (passed,) = behind(request("ecs:RegisterTaskDefinition", parameters={"executionRoleArn": "ecsTaskExecutionRole"}), read)
    assert passed.resource == "arn:aws:iam::111122223333:role/team/ecsTaskExecutionRole"


def test_the_role_in_an_instance_profile_is_passed_where_it_was_read():
    profile = "arn:aws:iam::111122223333:instance-profile/web"
    for named in ({"arn": profile}, {"name": "web"}):
        launch = request("ec2:RunInstances", parameters={"iamInstanceProfile": named})
        assert behind(launch) == ()
        (passed,) = behind(launch, {profile: {"Roles": [{"Arn": "arn:aws:iam::111122223333:role/web-role"}]}})
        assert passed.resource == "arn:aws:iam::111122223333:role/web-role"


@pytest.mark.parametrize(
    ("action", "tagging"),
    [
        ("kms:CreateKey", "kms:TagResource"),
        ("lambda:CreateFunction", "lambda:TagResource"),
        ("iam:CreateRole", "iam:TagRole"),
        ("sqs:CreateQueue", "sqs:TagQueue"),
        ("logs:CreateLogGroup", "logs:TagResource"),
        ("ec2:RunInstances", "ec2:CreateTags"),
        ("sagemaker:CreateSpace", "sagemaker:AddTags"),
        ("rds:CreateDBInstance", "rds:AddTagsToResource"),
        ("elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:AddTags"),
    ],
)
def test_tags_at_creation_need_the_tagging_action_too(action, tagging):
    found = behind(request(action, context={"aws:RequestTag/team": "a", "aws:TagKeys": ("team",)}))
    assert names(found) == [tagging]
    assert found[0].context["aws:RequestTag/team"] == "a"
    assert names(behind(request(action))) == []


def test_ec2_tags_name_the_creating_action():
    found = behind(request("ec2:RunInstances", context={"aws:TagKeys": ("team",)}))
    assert found[0].context["ec2:CreateAction"] == "RunInstances"


def test_session_tags_and_source_identity_are_requests_of_their_own():
    role = "arn:aws:iam::444455556666:role/x"
    context = {"aws:RequestTag/team": "a", "sts:SourceIdentity": "me", "aws:SourceIp": "203.0.113.9"}
    found = behind(request("sts:AssumeRole", role, context=context))
    assert names(found) == ["sts:TagSession", "sts:SetSourceIdentity"]
    assert {one.resource for one in found} == {role}
    assert found[0].context["aws:SourceIp"] == "203.0.113.9"


def test_a_function_from_an_image_asks_the_repository_with_the_callers_permissions():
    function = "arn:aws:lambda:us-west-2:111122223333:function:f"
    facts = {
        "PackageType": "Image",
        "ImageUri": "111122223333.dkr.ecr.us-west-2.amazonaws.com/team/app:v1",
        "Role": "arn:aws:iam::111122223333:role/f",
    }
    found = behind(request("lambda:CreateFunction", function), {function: facts})
    assert names(found) == ["iam:PassRole", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetRepositoryPolicy"]
    assert names(found, certain=False) == ["ecr:SetRepositoryPolicy"]
    assert found[1].resource == "arn:aws:ecr:us-west-2:111122223333:repository/team/app"


def test_a_function_url_needs_invoke_function_too():
    found = behind(request("lambda:InvokeFunctionUrl", "arn:aws:lambda:us-east-1:111122223333:function:f", principal="anonymous"))
    assert names(found) == ["lambda:InvokeFunction"]
    assert found[0].context["lambda:InvokedViaFunctionUrl"] == "true"


def test_an_inference_profile_asks_its_model_too():
    profile = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0"
    (model,) = behind(request("bedrock:InvokeModel", profile))
    assert model.resource == "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
    assert model.resource_account is None
    models = {"models": [{"modelArn": "arn:aws:bedrock:us-west-2::foundation-model/m"}]}
    (told,) = behind(request("bedrock:InvokeModel", profile), {profile: models})
    assert told.resource == "arn:aws:bedrock:us-west-2::foundation-model/m"


def test_cloudwatch_logs_tries_the_key_as_itself():
    group = "arn:aws:logs:us-east-1:111122223333:log-group:g"
    found = behind(request("logs:AssociateKmsKey", group, parameters={"kmsKeyId": KEY}))
    assert {one.principal for one in found} == {"logs.us-east-1.amazonaws.com"}
    assert found[0].context["kms:EncryptionContext:aws:logs:arn"] == group


def test_a_subscription_tests_the_function_as_cloudwatch_logs():
    group, function = "arn:aws:logs:us-east-1:111122223333:log-group:g", "arn:aws:lambda:us-east-1:111122223333:function:f"
    (invoke,) = behind(request("logs:PutSubscriptionFilter", group, parameters={"destinationArn": function}))
    assert (invoke.principal, invoke.action, invoke.resource) == ("logs.amazonaws.com", "lambda:InvokeFunction", function)
    assert invoke.context == {"aws:SourceArn": f"{group}:*", "aws:SourceAccount": "111122223333"}


def test_a_trail_tests_its_bucket_as_cloudtrail():
    found = behind(
        request("cloudtrail:CreateTrail", "arn:aws:cloudtrail:us-east-1:111122223333:trail/t", parameters={"s3BucketName": "b"}),
        {BUCKET: PLAIN},
    )
    assert [(one.principal, one.action, one.resource) for one in found] == [
        ("cloudtrail.amazonaws.com", "s3:GetBucketAcl", BUCKET),
        ("cloudtrail.amazonaws.com", "s3:PutObject", f"{BUCKET}/AWSLogs/111122223333/*"),
    ]


def test_what_a_service_calls_does_not_come_from_the_callers_network():
    context = {"aws:SourceIp": "203.0.113.9", "aws:SourceVpce": "vpce-1", "aws:PrincipalTag/team": "a", "aws:RequestTag/x": "y"}
    (decrypt,) = behind(request("s3:GetObject", f"{BUCKET}/k", context=context), {BUCKET: ENCRYPTED})
    assert "aws:SourceIp" not in decrypt.context
    assert {"aws:SourceIp", "aws:SourceVpce"} <= set(decrypt.unknown_keys)
    assert decrypt.context["aws:PrincipalTag/team"] == "a"
    assert "aws:RequestTag/x" not in decrypt.context


def test_every_action_behind_a_call_is_in_the_catalogue():
    settings = {BUCKET: ENCRYPTED, "arn:aws:iam::111122223333:root": {"EbsEncryptionByDefault": True}}
    parameters = {"role": "r", "layers": ["arn:aws:lambda:us-east-1:111122223333:layer:l:1"], "KMSKeyArn": KEY, "kmsKeyId": KEY,
                  "s3BucketName": "b", "destinationArn": "arn:aws:lambda:us-east-1:111122223333:function:f", "vpcConfig": {"subnetIds": ["s"]},
                  "code": {"s3Bucket": "b", "s3Key": "k"}, "nodeRole": "r", "rotationLambdaARN": "arn:aws:lambda:us-east-1:111122223333:function:f",
                  "logDestinationType": "s3", "imageId": "resolve:ssm:/p", "SSESpecification": {"KMSMasterKeyId": KEY},
                  "encryptionConfiguration": {"encryptionType": "KMS"}, "resultConfiguration": {"outputLocation": "s3://b/p"}}  # fmt: skip
    context = {"aws:TagKeys": ("a",), "sts:SourceIdentity": "x", "s3:x-amz-acl": "private", "aws:RequestedRegion": "us-east-1"}
    seen = set()
    for service in ("lambda", "ec2", "s3", "logs", "dynamodb", "ecr", "eks", "rds", "sts", "athena", "secretsmanager", "cloudtrail", "ssm"):
        for name in catalog.service(service).actions.values():
            seen |= {one.action for one in calls.expand(request(name.name, context=context, parameters=parameters), settings)}
    assert [name for name in sorted(seen) if catalog.action(name) is None or catalog.canonical(name) != name] == []


FORWARDED = (
    ("s3:GetObject", "Decrypt"), ("s3:PutObject", "GenerateDataKey"), ("sns:Publish", "Decrypt"), ("sns:Publish", "GenerateDataKey"),
    ("sqs:ReceiveMessage", "Decrypt"), ("sqs:SendMessage", "GenerateDataKey"), ("kinesis:PutRecord", "GenerateDataKey"),
    ("kinesis:PutRecords", "GenerateDataKey"), ("kinesis:GetRecords", "Decrypt"), ("ssm:GetParameter", "Decrypt"),
    ("ssm:GetParameterHistory", "Decrypt"), ("ssm:GetParameters", "Decrypt"), ("ssm:GetParametersByPath", "Decrypt"),
    ("ssm:PutParameter", "Encrypt"), ("secretsmanager:GetSecretValue", "Decrypt"), ("secretsmanager:CreateSecret", "Decrypt"),
    ("secretsmanager:CreateSecret", "GenerateDataKey"), ("dynamodb:CreateTable", "DescribeKey"), ("dynamodb:CreateTable", "CreateGrant"),
    ("dynamodb:BatchGetItem", "Decrypt"), ("dynamodb:BatchWriteItem", "Decrypt"), ("dynamodb:DeleteItem", "Decrypt"),
    ("dynamodb:GetItem", "Decrypt"), ("dynamodb:GetRecords", "Decrypt"), ("dynamodb:PutItem", "Decrypt"), ("dynamodb:Query", "Decrypt"),
    ("dynamodb:Scan", "Decrypt"), ("dynamodb:UpdateItem", "Decrypt"),
)  # fmt: skip
"""The forward access sessions that IAM Policy Autopilot lists (https://github.com/awslabs/iam-policy-autopilot, Apache-2.0)."""


@pytest.mark.parametrize(("action", "operation"), FORWARDED)
def test_every_known_forward_access_session_is_behind_its_call(action, operation):
    thing = f"arn:aws:{action.partition(':')[0]}:us-east-1:111122223333:thing"
    parameters = {"SSESpecification": {"KMSMasterKeyId": KEY}, "type": "SecureString"}
    facts = {"KmsMasterKeyId": KEY, "KmsKeyId": KEY, "KeyId": KEY, "Type": "SecureString", "SSEDescription": {"KMSMasterKeyArn": KEY}}
    resource = f"{BUCKET}/k" if action.startswith("s3:") else thing
    found = behind(request(action, resource, parameters=parameters), {thing: facts, BUCKET: ENCRYPTED})
    assert f"kms:{operation}" in names(found)
    assert {one.resource for one in found} == {KEY}


def test_the_data_api_reads_its_secret_with_the_callers_permissions():
    secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
    found = behind(request("rds-data:ExecuteStatement", parameters={"secretArn": secret}), {secret: {"KmsKeyId": KEY}})
    assert [(one.action, one.resource) for one in found] == [("secretsmanager:GetSecretValue", secret), ("kms:Decrypt", KEY)]


def test_a_mapping_is_tried_with_the_functions_own_role():
    queue, function = "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:lambda:us-east-1:111122223333:function:f"
    mapping = request(
        "lambda:CreateEventSourceMapping",
        "arn:aws:lambda:us-east-1:111122223333:event-source-mapping:*",
        parameters={"eventSourceArn": queue, "functionName": "f"},
    )
    found = behind(mapping, {function: {"Role": WORKER}, queue: {"SqsManagedSseEnabled": "true"}})
    assert names(found) == ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    assert {one.principal for one in found} == {WORKER}


def test_a_launch_must_be_allowed_on_everything_it_names_with_the_keys_of_each():
    parameters = {"imageId": "ami-1", "subnetId": "subnet-1", "instancesSet": {"items": [{"imageId": "ami-1", "keyName": "k"}]}}
    context = {"ec2:InstanceType": "t3.micro", "aws:SourceIp": "203.0.113.9"}
    launch = request("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", parameters=parameters, context=context)
    found = {one.resource: one for one in behind(launch)}
    assert set(found) == {
        "arn:aws:ec2:us-east-1::image/ami-1",
        "arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1",
        "arn:aws:ec2:us-east-1:111122223333:key-pair/k",
        "arn:aws:ec2:us-east-1:111122223333:network-interface/*",
        "arn:aws:ec2:us-east-1:111122223333:volume/*",
    }
    assert not found["arn:aws:ec2:us-east-1:111122223333:volume/*"].certain  # some images have none
    image = found["arn:aws:ec2:us-east-1::image/ami-1"]
    assert dict(image.context) == {"aws:SourceIp": "203.0.113.9"}
    assert image.resource_account is None


def test_a_table_in_the_data_catalog_needs_its_database_and_the_catalog():
    found = behind(request("glue:GetTable", "arn:aws:glue:us-east-1:111122223333:table/sales/orders"))
    assert [one.resource for one in found] == [
        "arn:aws:glue:us-east-1:111122223333:catalog",
        "arn:aws:glue:us-east-1:111122223333:database/sales",
    ]
    assert {one.action for one in found} == {"glue:GetTable"}


def test_an_encrypted_data_catalog_needs_its_key():
    catalog_arn = "arn:aws:glue:us-east-1:111122223333:catalog"
    settings = {"DataCatalogEncryptionSettings": {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": KEY}}}
    found = behind(request("glue:GetTable", "arn:aws:glue:us-east-1:111122223333:table/sales/orders"), {catalog_arn: settings})
    assert ("kms:Decrypt", KEY) in [(one.action, one.resource) for one in found]


def test_a_thing_whose_reading_was_refused_counts_as_unread():
    queue = "arn:aws:sqs:us-east-1:111122223333:q"
    found = behind(request("sqs:SendMessage", queue), {queue: {}})
    assert names(found) == []
    assert names(found, certain=False) == ["kms:GenerateDataKey", "kms:Decrypt"]


def test_the_key_of_a_bucket_is_in_the_buckets_region():
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
    facts = {"LocationConstraint": "eu-west-2", "ServerSideEncryptionConfiguration": {"Rules": rules}}
    (decrypt,) = behind(request("s3:GetObject", f"{BUCKET}/k"), {BUCKET: facts})
    assert decrypt.resource == "arn:aws:kms:eu-west-2:111122223333:alias/aws/s3"
    assert decrypt.context["kms:ViaService"] == "s3.eu-west-2.amazonaws.com"


def test_the_key_without_a_name_of_another_accounts_secret_is_that_accounts():
    secret = "arn:aws:secretsmanager:us-east-1:444455556666:secret:s-AbCdEf"
    read = Request(principal=ROLE, action="secretsmanager:GetSecretValue", resource=secret, resource_account="444455556666")
    (decrypt,) = behind(read, {secret: {"Name": "s"}})
    assert decrypt.resource == "arn:aws:kms:us-east-1:444455556666:alias/aws/secretsmanager"


def test_eventbridge_tells_kms_nothing_of_its_rule():
    topic = "arn:aws:sns:us-east-1:111122223333:t"
    publish = request(
        "sns:Publish", topic, principal="events.amazonaws.com", context={"aws:SourceArn": "arn:aws:events:us-east-1:111122223333:rule/r"}
    )
    found = behind(publish, {topic: {"KmsMasterKeyId": KEY}})
    assert {one.principal for one in found} == {"events.amazonaws.com"}
    assert [key for key in found[0].context if key.startswith("aws:Source")] == []


def test_an_upload_of_which_only_the_name_is_known_may_need_more():
    put = request("s3:PutObject", unknown_keys=("resource", "s3:x-amz-acl", "s3:RequestObjectTagKeys", "aws:SourceIp"))
    found = behind(put)
    assert names(found) == []
    assert names(found, certain=False) == ["s3:PutObjectAcl", "s3:PutObjectTagging", "kms:GenerateDataKey"]
    assert all("resource" in one.unknown_keys for one in found)
    assert "aws:SourceIp" in found[0].unknown_keys


def test_what_is_behind_a_request_that_is_not_sure_is_not_sure_either():
    repository = "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1"
    function = "arn:aws:lambda:us-east-1:111122223333:function:f"
    assert names(behind(request("lambda:CreateFunction", function), {function: {"ImageUri": repository}}), certain=False) == [
        "ecr:SetRepositoryPolicy"
    ]
    copy = request("s3:PutObject", f"{BUCKET}/k", context={"s3:x-amz-copy-source": "/from/a"})
    found = {one.resource: one for one in behind(copy, {BUCKET: PLAIN})}
    assert found["arn:aws:s3:::from/a"].certain
    assert not found["arn:aws:kms:*:111122223333:key/*"].certain


def test_a_role_that_the_thing_has_already_is_not_passed_by_a_call_that_names_none():
    function = "arn:aws:lambda:us-east-1:111122223333:function:f"
    update = request("lambda:UpdateFunctionConfiguration", function, parameters={"functionName": "f", "timeout": 3})
    assert behind(update, {function: {"Role": WORKER}}) == ()


def test_a_run_hands_over_the_roles_of_its_task_definition():
    definition = "arn:aws:ecs:us-east-1:111122223333:task-definition/td:3"
    run = request("ecs:RunTask", definition, parameters={"taskDefinition": "td:3"})
    facts = {definition: {"taskRoleArn": WORKER, "executionRoleArn": "arn:aws:iam::111122223333:role/execution"}}
    assert [one.resource for one in behind(run, facts)] == [WORKER, "arn:aws:iam::111122223333:role/execution"]
    other = request("ecs:RunTask", definition, parameters={"overrides": {"taskRoleArn": "arn:aws:iam::111122223333:role/other"}})
    assert [one.resource for one in behind(other, facts)] == [
        "arn:aws:iam::111122223333:role/other",
        "arn:aws:iam::111122223333:role/execution",
    ]


@pytest.mark.parametrize(
    ("action", "resource", "parameters", "other"),
    [
        (
            "dynamodb:BatchGetItem", "arn:aws:dynamodb:us-east-1:111122223333:table/a", {"requestItems": {"a": {}, "b": {}}},
            "arn:aws:dynamodb:us-east-1:111122223333:table/b",
        ),
        (
            "ssm:GetParameters", "arn:aws:ssm:us-east-1:111122223333:parameter/a", {"names": ["/a", "/b"], "withDecryption": False},
            "arn:aws:ssm:us-east-1:111122223333:parameter/b",
        ),
        (
            "ec2:TerminateInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1",
            {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}}, "arn:aws:ec2:us-east-1:111122223333:instance/i-2",
        ),
    ],
)  # fmt: skip
def test_a_call_on_several_things_is_a_request_on_each(action, resource, parameters, other):
    found = behind(request(action, resource, parameters=parameters), {resource: {"TableName": "a"}, other: {"TableName": "b"}})
    assert [(one.action, one.resource) for one in found if one.certain] == [(action, other)]


def test_a_launch_from_a_given_interface_makes_none_and_one_with_disks_surely_makes_volumes():
    given = {
        "networkInterfaceSet": {"items": [{"networkInterfaceId": "eni-1"}]},
        "blockDeviceMapping": {"items": [{"deviceName": "/dev/xvda"}]},
    }
    found = behind(request("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", parameters=given))
    kinds = {one.resource.partition("111122223333:")[2]: one.certain for one in found}
    assert kinds == {"network-interface/eni-1": True, "volume/*": True}


def test_tags_at_creation_need_create_tags_on_each_kind_of_thing_that_is_tagged():
    specification = {
        "tagSpecificationSet": {"items": [{"resourceType": "instance", "tags": [{"key": "a", "value": "b"}]}, {"resourceType": "volume"}]}
    }
    context = {"aws:RequestTag/a": "b", "aws:TagKeys": ("a",)}
    launch = request("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", parameters=specification, context=context)
    tags = [one for one in behind(launch) if one.action == "ec2:CreateTags"]
    assert [one.resource.rpartition(":")[2] for one in tags] == ["instance/*", "volume/*"]
    assert {one.context["ec2:CreateAction"] for one in tags} == {"RunInstances"}


@pytest.mark.parametrize(
    ("action", "parameters", "service", "role"),
    [
        ("rds:CreateDBInstance", {}, "rds.amazonaws.com", "AWSServiceRoleForRDS"),
        ("kafka:CreateCluster", {}, "kafka.amazonaws.com", "AWSServiceRoleForKafka"),
        ("autoscaling:CreateAutoScalingGroup", {}, "autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
        ("ec2:RunInstances", {"instanceMarketOptions": {"marketType": "spot"}}, "spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
        (
            "application-autoscaling:RegisterScalableTarget",
            {"serviceNamespace": "dynamodb"},
            "dynamodb.application-autoscaling.amazonaws.com",
            "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
        ),
    ],
)
def test_a_service_makes_its_own_role_with_the_callers_permissions_if_it_is_not_there_yet(action, parameters, service, role):
    arn = f"arn:aws:iam::111122223333:role/aws-service-role/{service}/{role}"
    found = next(one for one in behind(request(action, parameters=parameters)) if one.action == "iam:CreateServiceLinkedRole")
    assert (found.resource, found.context["iam:AWSServiceName"], found.certain) == (arn, service, False)
    there = behind(request(action, parameters=parameters), {arn: {"RoleName": role}})
    assert "iam:CreateServiceLinkedRole" not in {one.action for one in there}


def test_a_service_without_a_file_of_its_own_has_what_awss_reference_lists():
    found = behind(request("gamelift:CreateBuild", parameters={"storageLocation": {"roleArn": WORKER}}))
    (passed,) = [one for one in found if one.action == "iam:PassRole"]
    assert (passed.resource, passed.certain) == (WORKER, True)
    assert "iam:PassedToService" in passed.unknown_keys  # nobody says to whom


def test_a_password_that_rds_manages_is_a_secret_made_with_the_callers_permissions():
    parameters = {"manageMasterUserPassword": True, "masterUserSecretKmsKeyId": KEY}
    resource = "arn:aws:rds:us-east-1:111122223333:db:orders"
    found = behind(request("rds:CreateDBInstance", resource, parameters=parameters))
    assert [one.action for one in found if one.certain][:4] == [
        "secretsmanager:CreateSecret",
        "secretsmanager:TagResource",
        "kms:DescribeKey",
        "kms:CreateGrant",
    ]
    assert {one.context.get("kms:ViaService") for one in found if one.action.startswith("kms:")} == {
        "secretsmanager.us-east-1.amazonaws.com"
    }


def test_a_query_reads_the_glue_catalogue_and_asks_lake_formation_where_it_governs():
    query = request("athena:StartQueryExecution", "arn:aws:athena:us-east-1:111122223333:workgroup/w", parameters={
        "queryExecutionContext": {"database": "sales"}, "resultConfiguration": {"outputLocation": "s3://results/x/"}})  # fmt: skip
    found = {one.action: one for one in behind(query)}
    assert found["glue:GetTable"].resource == "arn:aws:glue:us-east-1:111122223333:table/sales/*"
    assert found["glue:GetTable"].context["aws:CalledVia"] == ("athena.amazonaws.com",)
    assert not found["lakeformation:GetDataAccess"].certain


@pytest.mark.parametrize(
    ("action", "parameters", "via"),
    [
        ("kafka:CreateCluster", {"encryptionInfo": {"encryptionAtRest": {"dataVolumeKMSKeyId": KEY}}}, "kafka"),
        ("es:CreateDomain", {"encryptionAtRestOptions": {"kmsKeyId": KEY}}, "es"),
        ("elasticache:CreateReplicationGroup", {"kmsKeyId": KEY}, "elasticache"),
        ("fsx:CreateFileSystem", {"kmsKeyId": KEY}, "fsx"),
        ("backup:CreateBackupVault", {"encryptionKeyArn": KEY}, "backup"),
    ],
)
def test_a_service_takes_a_grant_on_the_key_that_the_call_names(action, parameters, via):
    found = [one for one in behind(request(action, parameters=parameters)) if one.action == "kms:CreateGrant" and one.certain]
    assert [(one.resource, one.context["kms:ViaService"]) for one in found] == [(KEY, f"{via}.us-east-1.amazonaws.com")]
