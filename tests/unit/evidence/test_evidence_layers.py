import msgspec
import pytest

from undeny.calls.model import Request
from undeny.evidence import complete, holder_of_policy, policies_for, scenario
from undeny.evidence.layers import endpoint_layer, session_layer
from undeny.evidence.model import Gap

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLE = "arn:aws:iam::111122223333:role/App"
KEY = "arn:aws:kms:eu-west-1:444455556666:key/k"
OWN_KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"


def case(resources=None, **policies):
    read = scenario.read(
        {
            "request": {"principal": ROLE, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resource_account": "111122223333"},
            "policies": {
                "identity": [{"name": "i", "policy": ALLOW}],
                "boundary": [{"name": "b", "policy": ALLOW}],
                "session": [{"name": "s", "policy": ALLOW}],
                "resource": ALLOW,
                "endpoint": [{"name": "e", "policy": ALLOW}],
                "scp": [{"target": "r-root", "policies": []}],
                "rcp": [{"target": "r-root", "policies": []}],
            }
            | policies,
            "resources": resources or {},
        }
    )
    return read.evidence, read.request


def hidden(**more):
    given = {"principal": ROLE, "action": "kms:Decrypt", "resource": OWN_KEY, "resource_account": "111122223333", "role": "hidden"}
    return Request(**(given | more))


def test_a_call_behind_has_the_callers_layers_and_the_things_own_policy():
    evidence, main = case({OWN_KEY: {"policy": ALLOW}})
    held = policies_for(evidence, main, hidden())
    assert (held.identity, held.boundary, held.session, held.scp) == (
        evidence.policies.identity,
        evidence.policies.boundary,
        evidence.policies.session,
        evidence.policies.scp,
    )
    assert held.resource == evidence.resources[OWN_KEY].policy
    assert held.rcp == evidence.policies.rcp


def test_a_thing_that_nobody_read_is_a_gap_and_one_without_policy_has_none():
    evidence, main = case({"arn:aws:sqs:eu-west-1:111122223333:q": {"policy": None}})
    assert isinstance(policies_for(evidence, main, hidden()).resource, Gap)
    queue = hidden(action="sqs:SendMessage", resource="arn:aws:sqs:eu-west-1:111122223333:q")
    assert policies_for(evidence, main, queue).resource is None


def test_an_endpoint_speaks_on_what_the_caller_sends_and_not_on_what_a_service_sends_for_it():
    evidence, main = case()
    tagging = hidden(action="s3:GetObjectTagging", resource="arn:aws:s3:::b/k", role="dependent")
    assert policies_for(evidence, main, tagging).endpoint == evidence.policies.endpoint
    assert policies_for(evidence, main, hidden()).endpoint is None
    assert policies_for(evidence, main, hidden(action="s3:GetObject", resource="arn:aws:s3:::other/k")).endpoint is None
    assert policies_for(evidence, main, hidden(action="iam:PassRole", resource=ROLE, role="dependent")).endpoint is None


def test_an_object_has_its_buckets_policy():
    evidence, main = case()
    tagging = hidden(action="s3:GetObjectTagging", resource="arn:aws:s3:::b/other", role="dependent")
    assert policies_for(evidence, main, tagging).resource == evidence.policies.resource


def test_the_control_policies_over_another_account_are_a_gap():
    evidence, main = case()
    other = policies_for(evidence, main, hidden(resource=KEY, resource_account="444455556666"))
    assert isinstance(other.rcp, Gap)
    assert "444455556666" in other.rcp.what


def test_no_control_policies_where_no_account_is_in_an_organisation_or_aws_owns_the_thing():
    evidence, main = case(scp=[], rcp=[])
    assert policies_for(evidence, main, hidden(resource=KEY, resource_account="444455556666")).rcp == ()
    evidence, main = case()
    assert policies_for(evidence, main, hidden(resource="*", resource_account=None)).rcp == ()


def test_a_service_that_calls_as_itself_has_no_side_of_its_own():
    evidence, main = case({ROLE: {"policy": ALLOW}})
    held = policies_for(evidence, main, hidden(principal="lambda.amazonaws.com", action="sts:AssumeRole", resource=ROLE))
    assert (held.identity, held.boundary, held.session, held.endpoint, held.scp) == (None, None, None, None, ())
    assert held.resource == evidence.resources[ROLE].policy


def test_another_role_has_policies_that_nobody_read_and_the_same_accounts_control_policies():
    evidence, main = case()
    held = policies_for(evidence, main, hidden(principal="arn:aws:iam::111122223333:role/Other"))
    assert isinstance(held.identity, Gap)
    assert isinstance(held.boundary, Gap)
    assert held.scp == evidence.policies.scp


def test_the_request_itself_has_the_layers_as_given():
    evidence, main = case()
    assert policies_for(evidence, main, msgspec.structs.replace(main)) == evidence.policies


@pytest.mark.parametrize(
    ("action", "resource", "holder"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/a/k", "arn:aws:s3:::b"),
        ("s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/p/object/k", "arn:aws:s3:eu-west-1:111122223333:accesspoint/p"),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
        ("iam:PassRole", ROLE, None),
        ("iam:GetRole", ROLE, None),
        ("sts:AssumeRole", ROLE, ROLE),
        ("sts:TagSession", ROLE, ROLE),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*", None),
        ("s3:ListAllMyBuckets", "*", None),
        ("kms:Decrypt", KEY, KEY),
        ("events:PutEvents", "arn:aws:events:eu-west-1:111122223333:event-bus/b", "arn:aws:events:eu-west-1:111122223333:event-bus/b"),
        ("events:PutRule", "arn:aws:events:eu-west-1:111122223333:rule/r", None),
        ("sagemaker:CreateTrainingJob", "arn:aws:sagemaker:eu-west-1:111122223333:training-job/j", None),
        ("rds:CreateDBInstance", "arn:aws:rds:eu-west-1:111122223333:db:x", None),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q"),
    ],
)
def test_whose_policy_speaks_on_a_request(action, resource, holder):
    assert holder_of_policy(action, resource) == holder


def test_a_role_is_found_without_its_path_as_a_sessions_arn_has_none():
    with_path = "arn:aws:iam::111122223333:role/team/App"
    evidence, main = case({with_path: {"policy": ALLOW}})
    held = policies_for(evidence, main, hidden(action="sts:AssumeRole", resource=ROLE))
    assert held.resource == evidence.resources[with_path].policy


@pytest.mark.parametrize(
    ("principal", "gap"),
    [
        ("arn:aws:iam::111122223333:user/alice", False),
        (ROLE, False),
        ("arn:aws:sts::111122223333:assumed-role/App/i-0abc1234def567890", False),
        ("arn:aws:sts::111122223333:assumed-role/App/deploy", True),
        ("arn:aws:sts::111122223333:federated-user/bob", True),
        (None, True),
    ],
)
def test_a_session_policy_is_unknown_wherever_a_session_may_have_one(principal, gap):
    assert isinstance(session_layer(principal), Gap) is gap


def test_an_endpoint_is_known_by_its_key_and_ruled_out_by_a_public_source_address():
    def of(context):
        return endpoint_layer(Request(principal=ROLE, action="s3:GetObject", context=context))

    assert of({"aws:SourceVpce": "vpce-1"}) == "vpce-1"
    assert of({"aws:sourcevpce": None}) is None
    assert of({"aws:SourceIp": "203.0.113.9"}) is None
    assert isinstance(of({}), Gap)


def test_what_was_read_completes_the_request():
    root = "arn:aws:iam::111122223333:root"
    evidence, main = case(
        {
            "arn:aws:s3:::b": {"policy": None, "settings": {"BucketAccountId": "111122223333"}},
            root: {"policy": None, "settings": {"Organization": {"Id": "o-1"}}},
            ROLE: {"policy": None, "settings": {"Tags": [{"Key": "team", "Value": "x"}]}},
        },
        scp=[{"target": "r-1", "policies": []}, {"target": "ou-2", "policies": []}, {"target": "111122223333", "policies": []}],
    )
    bare = msgspec.structs.replace(main, resource_account=None, unknown_keys=("aws:PrincipalTag/${TagKey}", "aws:SourceVpce"))
    whole = complete(bare, evidence)
    assert whole.resource_account == "111122223333"
    assert whole.context["aws:PrincipalOrgID"] == "o-1"
    assert whole.context["aws:PrincipalOrgPaths"] == ("o-1/r-1/ou-2/",)
    assert whole.context["aws:PrincipalTag/team"] == "x"
    assert whole.unknown_keys == ("aws:SourceVpce",)


def test_what_the_request_says_stays():
    evidence, main = case({"arn:aws:iam::111122223333:root": {"policy": None, "settings": {"Organization": {"Id": "o-1"}}}})
    said = msgspec.structs.replace(main, context={"aws:principalorgid": "o-other"})
    assert complete(said, evidence).context["aws:principalorgid"] == "o-other"


def test_a_role_sessions_own_tags_stay_unknown():
    evidence, main = case({ROLE: {"policy": None, "settings": {"Tags": [{"Key": "team", "Value": "x"}]}}})
    session = msgspec.structs.replace(
        main, principal="arn:aws:sts::111122223333:assumed-role/App/s", unknown_keys=("aws:PrincipalTag/${TagKey}",)
    )
    assert complete(session, evidence).unknown_keys == ("aws:PrincipalTag/${TagKey}",)


def test_that_a_role_has_no_tags_is_known_from_its_having_been_read():
    evidence, main = case({ROLE: {"policy": None, "settings": {"RoleId": "AROAX"}}})
    asked = msgspec.structs.replace(main, unknown_keys=("aws:PrincipalTag/${TagKey}", "aws:ResourceTag/${TagKey}"))
    assert complete(asked, evidence).unknown_keys == ("aws:ResourceTag/${TagKey}",)


def test_the_tags_of_the_thing_are_known_where_they_were_read_but_a_buckets_never_count():
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf"
    tags = [{"Key": "team", "Value": "x"}]
    evidence, main = case(
        {secret: {"policy": None, "settings": {"Tags": tags}}, "arn:aws:s3:::b": {"policy": None, "settings": {"Tags": tags}}}
    )
    asked = msgspec.structs.replace(
        main, action="secretsmanager:GetSecretValue", resource=secret, unknown_keys=("aws:ResourceTag/${TagKey}",)
    )
    whole = complete(asked, evidence)
    assert whole.context["aws:ResourceTag/team"] == "x"
    assert whole.unknown_keys == ()
    assert not complete(msgspec.structs.replace(main, resource="arn:aws:s3:::b"), evidence).context
