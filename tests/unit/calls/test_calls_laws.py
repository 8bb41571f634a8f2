"""Laws of the room: it never fails on what events hold, and never invents."""

from hypothesis import given, settings
from hypothesis import strategies as st

from undeny import calls, catalog, dropins
from undeny.calls import Request
from undeny.calls._place import SERVICES
from undeny.catalog import _store
from undeny.denial.model import Denial

WORDS = st.sampled_from(
    ["", "a", "arn:aws:iam::111122223333:role/r", "arn:aws:kms:us-east-1:111122223333:key/k", "alias/x", "arn:", "s3://b/k", "https://sqs", "*",
     "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:v1", "aws:kms", "SecureString", "https://sqs.us-east-1.amazonaws.com/1/q"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["items", "key", "value", "arn", "roleArn"]), inner, max_size=2)
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(
    ["bucketName", "key", "role", "roleArn", "tags", "tagSet", "tagSpecificationSet", "functionName", "queueUrl", "keyId", "kmsKeyId", "name",
     "secretId", "tableName", "requestItems", "imageId", "code", "layers", "statement", "encryptionContext", "x-amz-copy-source", "versionId",
     "NotificationConfiguration", "taskDefinition", "eventBusName", "rule", "encryptionConfiguration", "vpcConfig", "logGroupName", "stackName",
     "ServerSideEncryptionConfiguration", "SSEKMSKeyId", "KmsMasterKeyId", "ImageUri", "Bucket", "Roles", "Aliases", "KeyId", "Type"]
)  # fmt: skip
PARAMETERS = st.dictionaries(NAMES, VALUES, max_size=5)
OPERATIONS = sorted({one.name for one in _store.all_operations() if one.prefix.replace("-", "_") in dropins.names(SERVICES)})
ACTIONS = sorted(
    name for prefix in ("s3", "lambda", "ec2", "kms", "logs", "ssm", "ecs", "glue", "rds") for name in catalog.expand(f"{prefix}:*")
)
CALLERS = st.sampled_from(
    [None, "anonymous", "s3.amazonaws.com", "arn:aws:iam::111122223333:user/u", "arn:aws:sts::111122223333:assumed-role/R/s"]
)
ARNS = ["*", "arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:us-east-1:111122223333:accesspoint/p/object/k", "arn:aws:ec2:us-east-1:111122223333:volume/*",
        "arn:aws:lambda:us-east-1:111122223333:function:f", "arn:aws:logs:us-east-1:111122223333:log-group:g"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(OPERATIONS), st.sampled_from([None, "us-east-1"]), CALLERS, PARAMETERS)
def test_any_parameters_give_requests_on_an_arn_or_on_a_star(operation, region, principal, parameters):
    denial = Denial(operation=operation, region=region, principal=principal, parameters=parameters)
    for request in calls.requests_of(denial):
        assert request.resource == "*" or request.resource.startswith("arn:")
        assert "None" not in request.resource
        assert request.role == "main"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ACTIONS), st.sampled_from(ARNS), CALLERS, PARAMETERS, PARAMETERS)
def test_any_facts_give_reasoned_requests_of_known_actions_each_once(action, resource, principal, parameters, facts):
    settings_ = {resource: facts, "arn:aws:s3:::b": facts, "arn:aws:kms:us-east-1:111122223333:key/k": facts}
    main = Request(principal=principal, action=action, resource=resource, parameters=parameters, context={"aws:TagKeys": ("a",)})
    found = calls.expand(main, settings_)
    assert found[0] is main
    assert len({(one.principal, one.action, one.resource) for one in found}) == len(found)
    for one in found[1:]:
        assert catalog.action(one.action) is not None
        assert one.role in {"dependent", "hidden"}
        assert one.why
        assert one.source.startswith("https://docs.aws.amazon.com/")
        assert "None" not in one.resource
