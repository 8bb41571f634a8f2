from datetime import UTC, datetime

import pytest

from undeny import calls, decide, evidence
from undeny.denial.model import Denial
from undeny.diagnose import diagnose
from undeny.diagnose.model import Case

ME = "111122223333"
OTHER = "444455556666"
ROLE = f"arn:aws:sts::{ME}:assumed-role/App/session"
KEY = f"arn:aws:kms:us-east-1:{ME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NOW = "2026-11-20T09:30:00Z"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
FULL = {"name": "FullAWSAccess", "policy": {"Version": "2012-10-17", "Statement": [EVERYTHING]}}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def scenario(action, on="*", *statements, about=None, **layers):
    """Give a self-contained scenario; `about` holds what is not a layer of policies."""
    told = {"principal": ROLE, "account": ME, "context": {}, "resources": {}, "unknown": ()} | (about or {})
    policies = {"boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    policies["identity"] = [{"name": "p", "policy": policy(*statements)}] if statements else []
    request = {
        "principal": told["principal"],
        "action": action,
        "resource": on,
        "resource_account": told["account"],
        "context": told["context"],
    }
    request["unknown_keys"] = list(told["unknown"])
    return {"id": "x", "request": request, "policies": policies | layers, "resources": told["resources"], "now": NOW}


def case(mapping, **told):
    read = evidence.scenario.read(mapping)
    requests = calls.expand(read.request, {arn: thing.settings for arn, thing in read.evidence.resources.items()})
    verdicts = tuple(decide.decide(request, read.evidence, main=requests[0]) for request in requests)
    return Case(denial=Denial(**told), requests=requests, verdicts=verdicts, evidence=read.evidence)


def cause_of(mapping, **told):
    return diagnose(case(mapping, **told)).cause


def key(*statements, **settings):
    return {KEY: {"policy": policy(*statements), "settings": {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "Grants": [], **settings}}}


DELEGATES = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}, "Action": "kms:*", "Resource": "*"}


# What the verdict says


def test_a_missing_identity_allow_is_proven():
    cause = cause_of(scenario("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ME}:q", allow("s3:GetObject")))
    assert (cause.code, cause.certainty, cause.layer, cause.request) == ("identity-missing-allow", "proven", "identity", 0)
    assert "role App" in cause.summary


def test_a_condition_that_failed_names_key_wanted_and_got():
    only = allow("s3:PutObject", Condition={"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}})
    told = {"s3:x-amz-server-side-encryption": "AES256"}
    cause = cause_of(scenario("s3:PutObject", "arn:aws:s3:::logs-prod/app.json", only, about={"context": told}))
    assert (cause.code, cause.certainty) == ("condition-mismatch", "proven")
    assert (cause.key, cause.wanted, cause.got) == ("s3:x-amz-server-side-encryption", ("aws:kms",), ("AES256",))
    assert (cause.statement.policy, cause.statement.index) == ("p", 0)
    assert cause.summary.endswith("only with `aws:kms` encryption, and this call sent `AES256`")
    assert [step.split()[0] for step in cause.because] == ["because", "and", "so"]


def test_the_other_readings_of_a_proven_cause_are_only_likely():
    only = allow("s3:PutObject", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    diagnosis = diagnose(case(scenario("s3:PutObject", "arn:aws:s3:::b/k", only)))
    assert diagnosis.cause.code == "condition-mismatch"
    assert {cause.code: cause.certainty for cause in diagnosis.other_causes}["identity-missing-allow"] == "likely"


def test_a_condition_in_the_resources_policy_counts_where_that_policy_means_the_caller():
    only = {**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    meant = policy({**only, "Principal": {"AWS": f"arn:aws:iam::{ME}:role/App"}})
    cause = cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("sqs:*"), resource=meant))
    assert (cause.code, cause.layer, cause.key) == ("condition-mismatch", "resource", "aws:SourceVpce")
    everyone = policy({**only, "Principal": "*"})
    diagnosis = diagnose(case(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("sqs:*"), resource=everyone)))
    assert (diagnosis.cause.code, diagnosis.cause.certainty) == ("identity-missing-allow", "proven")
    assert ("condition-mismatch", "likely") in {(cause.code, cause.certainty) for cause in diagnosis.other_causes}


@pytest.mark.parametrize(
    ("action", "covered", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::b", "arn:aws:s3:::b/k"),
        ("s3:ListBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b"),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ME}:q", f"arn:aws:sqs:eu-west-1:{ME}:q"),
        ("dynamodb:Query", f"arn:aws:dynamodb:us-east-1:{ME}:table/t", f"arn:aws:dynamodb:us-east-1:{ME}:table/t/index/i"),
        ("ec2:DescribeInstances", f"arn:aws:ec2:us-east-1:{ME}:instance/*", "*"),
        ("iam:GetRole", f"arn:aws:iam::{ME}:role/team/App", f"arn:aws:iam::{ME}:role/App"),
        ("kms:Encrypt", f"arn:aws:kms:us-east-1:{ME}:alias/app", KEY),
        ("ecs:RunTask", f"arn:aws:ecs:us-east-1:{ME}:cluster/c", f"arn:aws:ecs:us-east-1:{ME}:task-definition/t:1"),
        ("s3:GetObject", "arn:aws:s3:::b/*", "arn:aws-cn:s3:::b/k"),
    ],
)
def test_an_allow_for_a_neighbouring_arn_is_the_wrong_arn(action, covered, resource):
    key_read = {"resource": policy(DELEGATES), "about": {"resources": {KEY: {"settings": {"Grants": []}}}}}
    told = key_read if action.startswith("kms:") else {}
    cause = cause_of(scenario(action, resource, allow(action, covered), **told))
    assert (cause.code, cause.certainty) == ("wrong-resource-arn", "proven")
    assert cause.wanted[0] == covered


def test_an_allow_for_a_stranger_is_a_missing_allow():
    diagnosis = diagnose(case(scenario("s3:GetObject", "arn:aws:s3:::zebra/k", allow("s3:GetObject", "arn:aws:s3:::otter/*"))))
    assert diagnosis.cause.code == "identity-missing-allow"
    assert "wrong-resource-arn" in {cause.code for cause in diagnosis.other_causes}


@pytest.mark.parametrize(
    ("layer", "given", "code"),
    [
        ("boundary", [{"name": "b", "policy": policy(allow("s3:*"))}], "boundary-missing-allow"),
        ("boundary", [{"name": "b", "policy": policy(EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Action": "sqs:*"})}], "boundary-explicit-deny"),
        ("session", [{"name": "s", "policy": policy(allow("s3:*"))}], "session-missing-allow"),
        ("session", [{"name": "s", "policy": policy(EVERYTHING, {**EVERYTHING, "Effect": "Deny"})}], "session-explicit-deny"),
        ("scope_down", [{"name": "d", "policy": policy(allow("s3:*"))}], "scope-down-missing-allow"),
        ("scope_down", [{"name": "d", "policy": policy(EVERYTHING, {**EVERYTHING, "Effect": "Deny"})}], "scope-down-explicit-deny"),
        ("endpoint", [{"name": "e", "policy": policy({**allow("s3:*"), "Principal": "*"})}], "endpoint-missing-allow"),
        ("endpoint", [{"name": "e", "policy": policy({**EVERYTHING, "Effect": "Deny", "Principal": "*"})}], "endpoint-explicit-deny"),
        ("scp", [{"target": "r", "policies": [{"name": "l", "policy": policy(allow("s3:*"))}]}], "scp-missing-allow"),
        ("scp", [{"target": "r", "policies": [FULL, {"name": "d", "policy": policy({**EVERYTHING, "Effect": "Deny"})}]}], "scp-explicit-deny"),
        ("resource", policy({**EVERYTHING, "Effect": "Deny", "Principal": "*"}), "resource-explicit-deny"),
    ],
)  # fmt: skip
def test_each_layer_has_its_own_code(layer, given, code):
    context = {"aws:SourceVpce": "vpce-1"} if layer == "endpoint" else {}
    cause = cause_of(scenario("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ME}:q", EVERYTHING, about={"context": context}, **{layer: given}))
    assert (cause.code, cause.certainty, cause.layer) == (code, "proven", layer)


def test_an_identity_deny_without_mfa_says_so():
    deny = {**EVERYTHING, "Effect": "Deny", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
    cause = cause_of(scenario("sqs:ListQueues", "*", EVERYTHING, deny, about={"principal": f"arn:aws:iam::{ME}:user/dev"}))
    assert (cause.code, cause.key) == ("identity-explicit-deny", "aws:MultiFactorAuthPresent")
    assert "unless it is made with MFA" in cause.summary


def test_every_layer_that_blocks_is_named_the_denies_first():
    deny = [{"target": "r", "policies": [FULL, {"name": "d", "policy": policy({**EVERYTHING, "Effect": "Deny"})}]}]
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", allow("s3:*"), scp=deny)))
    assert [c.code for c in (diagnosis.cause, *diagnosis.other_causes)] == ["scp-explicit-deny", "identity-missing-allow"]


def test_what_allows_is_ruled_out_with_its_reason():
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", EVERYTHING, boundary=[{"name": "b", "policy": policy(allow("s3:*"))}])))
    ruled_out = {out.code: out.why for out in diagnosis.ruled_out}
    assert ruled_out["identity-missing-allow"] == "statement 1 of p allows sqs:ListQueues on it"
    assert "in no organisation" in ruled_out["scp-explicit-deny"]


# Across accounts


def test_across_accounts_a_bucket_policy_that_names_somebody_else_is_missing_an_allow():
    bucket = policy({**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Principal": {"AWS": f"arn:aws:iam::{ME}:role/Other"}})
    cause = cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", EVERYTHING, about={"account": OTHER}, resource=bucket))
    assert (cause.code, cause.certainty) == ("resource-missing-allow", "proven")


def test_across_accounts_a_delegating_bucket_policy_leaves_the_identity_allow_missing_whatever_layer_the_text_names():
    bucket = policy({**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}})
    told = {"kind": "implicit", "policy_type": "resource_based", "action": "s3:GetObject"}
    diagnosis = diagnose(
        case(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("sqs:*"), about={"account": OTHER}, resource=bucket), **told)
    )
    assert diagnosis.cause.code == "identity-missing-allow"
    assert any("across accounts" in line for line in diagnosis.disagreement)


def test_a_caller_who_lives_off_the_bucket_policy_lacks_the_rest_there():
    bucket = policy({**allow("s3:PutObject", "arn:aws:s3:::b/*"), "Principal": {"AWS": f"arn:aws:iam::{ME}:role/App"}})
    diagnosis = diagnose(
        case(scenario("s3:PutObject", "arn:aws:s3:::b/k", about={"context": {"s3:x-amz-acl": "bucket-owner-read"}}, resource=bucket))
    )
    assert (diagnosis.cause.code, diagnosis.cause.layer) == ("resource-missing-allow", "resource")
    assert "identity-missing-allow" in {cause.code for cause in diagnosis.other_causes}


# What comes nearest


def test_a_missing_allow_tells_of_the_thing_that_is_allowed_instead():
    cause = cause_of(scenario("s3:GetObject", "arn:aws:s3:::zebra/k", allow("s3:GetObject", "arn:aws:s3:::otter/*")))
    assert cause.summary.endswith("; statement 1 of p allows it on `arn:aws:s3:::otter/*` only")
    assert cause.statement.index == 0


def test_a_missing_allow_tells_whom_the_resources_policy_lets_in_instead():
    queue = policy({"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"})
    on = f"arn:aws:sqs:us-east-1:{ME}:q"
    cause = cause_of(scenario("sqs:SendMessage", on, about={"principal": "s3.amazonaws.com"}, resource=queue))
    assert cause.summary.endswith("; statement 1 lets `sns.amazonaws.com` in")


def test_a_trust_policy_without_tag_session_tells_what_it_allows_the_caller():
    trust = policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}, "Action": "sts:AssumeRole"})
    about = {"context": {"aws:RequestTag/team": "a", "aws:TagKeys": ["team"]}}
    cause = cause_of(scenario("sts:TagSession", f"arn:aws:iam::{ME}:role/r", EVERYTHING, about=about, resource=trust))
    assert cause.code == "trust-policy"
    assert cause.summary.endswith("; statement 1 allows the caller `sts:AssumeRole` only")


def test_a_not_principal_that_forgets_the_session_says_so():
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": f"arn:aws:iam::{ME}:role/App"}, "Action": "s3:*", "Resource": "*"}
    cause = cause_of(scenario("s3:GetBucketPolicy", "arn:aws:s3:::b", EVERYTHING, resource=policy(deny)))
    assert cause.code == "resource-explicit-deny"
    assert cause.summary.endswith("and not role App's session")


# Roles


def test_a_trust_policy_for_another_service_is_the_trust_policy():
    trust = policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = f"arn:aws:iam::{ME}:role/fn"
    cause = cause_of(scenario("sts:AssumeRole", role, about={"principal": "lambda.amazonaws.com"}, resource=trust))
    assert (cause.code, cause.certainty) == ("trust-policy", "proven")


def test_a_trust_policy_that_asks_for_an_external_id_is_a_condition():
    trust = policy(
        {
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "42"}},
        }
    )  # fmt: skip
    cause = cause_of(scenario("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/r", EVERYTHING, about={"account": OTHER}, resource=trust))
    assert (cause.code, cause.key, cause.got) == ("condition-mismatch", "sts:ExternalId", None)


def test_a_caller_without_an_allow_to_assume_lacks_the_identity_allow():
    trust = policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}, "Action": "sts:AssumeRole"})
    cause = cause_of(scenario("sts:AssumeRole", f"arn:aws:iam::{ME}:role/r", allow("s3:*"), resource=trust))
    assert cause.code == "identity-missing-allow"


def test_an_allow_to_assume_another_role_is_the_wrong_arn():
    trust = policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": "sts:AssumeRole"})
    there = allow("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/deploy")
    principal = f"arn:aws:iam::{OTHER}:user/ci"
    cause = cause_of(
        scenario(
            "sts:AssumeRole",
            f"arn:aws:iam::{OTHER}:role/team/deploy",
            there,
            about={"principal": principal, "account": OTHER},
            resource=trust,
        )
    )
    assert cause.code == "wrong-resource-arn"


def test_the_root_user_assumes_no_role():
    trust = policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ME}:root"}, "Action": "sts:AssumeRole"})
    root = f"arn:aws:iam::{ME}:root"
    cause = cause_of(scenario("sts:AssumeRole", f"arn:aws:iam::{ME}:role/r", about={"principal": root}, resource=trust))
    assert (cause.code, cause.certainty) == ("call-not-supported", "proven")


def test_session_credentials_get_no_session_token():
    assert cause_of(scenario("sts:GetSessionToken", "*", EVERYTHING)).code == "call-not-supported"


def test_a_role_of_another_account_is_never_passed():
    role = f"arn:aws:iam::{OTHER}:role/r"
    cause = cause_of(
        scenario("iam:PassRole", role, EVERYTHING, about={"account": OTHER, "context": {"iam:PassedToService": "ecs.amazonaws.com"}})
    )
    assert cause.code == "call-not-supported"


def test_pass_role_on_another_role_is_pass_role():
    there = allow("iam:PassRole", f"arn:aws:iam::{ME}:role/web-*")
    cause = cause_of(
        scenario("iam:PassRole", f"arn:aws:iam::{ME}:role/batch", there, about={"context": {"iam:PassedToService": "ecs.amazonaws.com"}})
    )
    assert (cause.code, cause.certainty) == ("pass-role", "proven")


def test_pass_role_to_another_service_is_a_condition():
    there = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})
    cause = cause_of(
        scenario("iam:PassRole", f"arn:aws:iam::{ME}:role/r", there, about={"context": {"iam:PassedToService": "ecs.amazonaws.com"}})
    )
    assert (cause.code, cause.key) == ("condition-mismatch", "iam:PassedToService")


# Keys


def test_a_key_policy_that_neither_delegates_nor_names_the_caller():
    bucket = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}
    admin = {**DELEGATES, "Principal": {"AWS": f"arn:aws:iam::{ME}:role/Admin"}}
    things = {"arn:aws:s3:::b/k": {"policy": None, "settings": bucket}} | key(admin)
    cause = cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", EVERYTHING, about={"resources": things}))
    assert (cause.code, cause.certainty) == ("kms-key-policy", "proven")
    assert "s3:GetObject" in cause.summary
    assert "kms:Decrypt" in cause.summary


def test_a_key_policy_that_delegates_leaves_the_identity_allow_missing():
    things = {"arn:aws:s3:::b/k": {"policy": None, "settings": {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}}} | key(DELEGATES)
    diagnosis = diagnose(case(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("s3:*"), about={"resources": things})))
    assert diagnosis.cause.code == "identity-missing-allow"
    assert diagnosis.other_causes[0].code == "kms-key-policy"
    assert diagnosis.cause.request == 1


def test_a_grant_to_the_id_of_a_role_that_was_made_again_fits_nobody():
    grant = {"GranteePrincipal": "AROA1EXAMPLE2AAAAAAAA", "Operations": ["Decrypt"]}
    admin = {**DELEGATES, "Principal": {"AWS": f"arn:aws:iam::{ME}:role/Admin"}}
    held = policy(admin)
    cause = cause_of(
        scenario(
            "kms:Decrypt",
            KEY,
            EVERYTHING,
            about={"context": {"aws:userid": "AROA9EXAMPLE9BBBBBBBB:s"}, "resources": key(admin, Grants=[grant])},
            resource=held,
        )
    )
    assert cause.code == "kms-grant"
    assert cause.wanted == ("AROA1EXAMPLE2AAAAAAAA",)


def test_an_encrypted_volume_needs_a_grant():
    volume = f"arn:aws:ec2:us-east-1:{ME}:volume/vol-1"
    things = {volume: {"policy": None, "settings": {"Encrypted": True, "KmsKeyId": KEY}}} | key(DELEGATES)
    cause = cause_of(scenario("ec2:AttachVolume", volume, allow("ec2:*"), about={"resources": things}))
    assert (cause.code, cause.certainty) == ("kms-grant", "proven")


# S3's own gates


def test_a_public_acl_is_refused_by_block_public_access():
    config = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    things = {"arn:aws:s3:::b": {"policy": None, "settings": {"PublicAccessBlockConfiguration": config, "ObjectOwnership": "ObjectWriter"}}}
    cause = cause_of(
        scenario("s3:PutObject", "arn:aws:s3:::b/k", EVERYTHING, about={"context": {"s3:x-amz-acl": "public-read"}, "resources": things})
    )
    assert (cause.code, cause.certainty) == ("block-public-access", "proven")
    assert "public-read" in cause.summary


def test_block_public_access_of_the_account_counts_too():
    things = {f"arn:aws:iam::{ME}:root": {"policy": None, "settings": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}}}
    cause = cause_of(
        scenario("s3:PutObject", "arn:aws:s3:::b/k", EVERYTHING, about={"context": {"s3:x-amz-acl": "public-read"}, "resources": things})
    )
    assert cause.code == "block-public-access"


def test_block_public_access_being_on_is_no_sign_by_itself():
    config = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    things = {"arn:aws:s3:::b": {"policy": None, "settings": {"PublicAccessBlockConfiguration": config}}}
    diagnosis = diagnose(case(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("sqs:*"), about={"resources": things})))
    assert (diagnosis.cause.code, diagnosis.cause.certainty) == ("identity-missing-allow", "proven")
    assert "block-public-access" not in {cause.code for cause in diagnosis.other_causes}


def test_a_public_statement_that_is_switched_off_is_block_public_access():
    config = {"RestrictPublicBuckets": True}
    things = {"arn:aws:s3:::b": {"policy": None, "settings": {"PublicAccessBlockConfiguration": config}}}
    about = {"resources": things, "principal": "anonymous"}
    opened = policy({**allow("s3:GetObject", "arn:aws:s3:::b/*"), "Principal": "*"})
    assert cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", about=about, resource=opened)).code == "block-public-access"
    elsewhere = policy({**allow("s3:GetObject", "arn:aws:s3:::b/public/*"), "Principal": "*"})
    assert cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", about=about, resource=elsewhere)).code != "block-public-access"


def test_an_acl_is_refused_where_the_bucket_owner_owns_everything():
    things = {"arn:aws:s3:::b": {"policy": None, "settings": {"ObjectOwnership": "BucketOwnerEnforced"}}}
    cause = cause_of(
        scenario("s3:PutObject", "arn:aws:s3:::b/k", EVERYTHING, about={"context": {"s3:x-amz-acl": "public-read"}, "resources": things})
    )
    assert cause.code == "object-ownership"


def test_an_object_of_another_account_is_object_ownership():
    mine, theirs = {"ID": "9" * 64}, {"ID": "1" * 64}
    grants = [{"Grantee": {"Type": "CanonicalUser", **theirs}, "Permission": "FULL_CONTROL"}]
    things = {
        "arn:aws:s3:::b": {"policy": None, "settings": {"ObjectOwnership": "ObjectWriter", "Owner": mine}},
        "arn:aws:s3:::b/k": {"policy": None, "settings": {"Owner": theirs, "Grants": grants}},
    }
    cause = cause_of(scenario("s3:GetObject", "arn:aws:s3:::b/k", EVERYTHING, about={"resources": things}))
    assert (cause.code, cause.certainty) == ("object-ownership", "proven")


def test_a_locked_version_is_object_lock():
    held = {"Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": "2030-01-01T00:00:00Z"}}
    things = {"arn:aws:s3:::b/k": {"policy": None, "settings": held}}
    assert cause_of(scenario("s3:DeleteObjectVersion", "arn:aws:s3:::b/k", EVERYTHING, about={"resources": things})).code == "object-lock"
    over = {
        "arn:aws:s3:::b/k": {"policy": None, "settings": {"Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": "2020-01-01T00:00:00Z"}}}
    }
    assert cause_of(scenario("s3:DeleteObjectVersion", "arn:aws:s3:::b/k", EVERYTHING, about={"resources": over})).code != "object-lock"


def test_a_requester_pays_bucket_asks_for_the_header():
    things = {"arn:aws:s3:::data": {"policy": "unknown", "settings": {"Payer": "Requester"}}}
    given = scenario("s3:GetObject", "arn:aws:s3:::data/k", EVERYTHING, about={"account": OTHER, "resources": things}, resource="unknown")
    assert cause_of(given).code == "requester-pays"
    given["request"]["context"] = {"s3:x-amz-request-payer": "requester"}
    assert cause_of(given).code != "requester-pays"


def test_a_missing_key_hides_behind_a_403_for_who_may_not_list():
    read_only = scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("s3:GetObject", "arn:aws:s3:::b/*"))
    assert cause_of(read_only).code == "not-found-hidden"
    lists_too = scenario("s3:GetObject", "arn:aws:s3:::b/k", allow(["s3:GetObject", "s3:ListBucket"]))
    assert cause_of(lists_too).code != "not-found-hidden"


# Beside the policies


def test_a_role_made_seconds_ago_is_propagation():
    role = f"arn:aws:iam::{ME}:role/App"
    fresh = {role: {"policy": None, "settings": {"RoleName": "App", "CreateDate": "2026-11-20T09:29:50Z"}}}
    cause = cause_of(scenario("sqs:ListQueues", "*", EVERYTHING, about={"resources": fresh}))
    assert (cause.code, cause.facts["age_seconds"]) == ("propagation", 10)
    old = {role: {"policy": None, "settings": {"RoleName": "App", "CreateDate": "2026-11-19T09:29:50Z"}}}
    assert cause_of(scenario("sqs:ListQueues", "*", EVERYTHING, about={"resources": old})).certainty == "unknown"


def test_a_write_seen_moments_before_is_propagation():
    given = scenario("sqs:ListQueues", "*", EVERYTHING)
    given["changed_lately"] = [{"time": "2026-11-20T09:29:20Z", "by": "role/ci", "event": "PutRolePolicy", "on": "role/App"}]
    assert cause_of(given).code == "propagation"


def test_nothing_fresh_counts_where_a_policy_denies():
    role = f"arn:aws:iam::{ME}:role/App"
    fresh = {role: {"policy": None, "settings": {"CreateDate": "2026-11-20T09:29:50Z"}}}
    assert cause_of(scenario("sqs:ListQueues", "*", allow("s3:*"), about={"resources": fresh})).code == "identity-missing-allow"


def test_a_quarantined_key_is_not_just_a_deny():
    deny = {"name": "AWSCompromisedKeyQuarantineV3", "policy": policy({**EVERYTHING, "Effect": "Deny", "Action": "iam:*"})}
    given = scenario("iam:CreateUser", f"arn:aws:iam::{ME}:user/x", EVERYTHING, about={"principal": f"arn:aws:iam::{ME}:user/dev"})
    given["policies"]["identity"].append(deny)
    diagnosis = diagnose(case(given))
    assert (diagnosis.cause.code, diagnosis.bucket) == ("quarantined-key", "credentials")


def test_a_model_that_is_not_switched_on_is_model_access():
    model = "arn:aws:bedrock:eu-west-1::foundation-model/m"
    things = {model: {"policy": None, "settings": {"entitlementAvailability": "NOT_AVAILABLE"}}}
    assert cause_of(scenario("bedrock:InvokeModel", model, EVERYTHING, about={"account": None, "resources": things})).code == "model-access"


def test_an_organisations_call_from_a_member_account_is_the_account():
    things = {f"arn:aws:iam::{ME}:root": {"policy": None, "settings": {"MasterAccountId": OTHER}}}
    assert cause_of(scenario("organizations:ListAccounts", "*", EVERYTHING, about={"resources": things})).code == "account-restriction"


def test_a_caller_in_the_text_that_is_another_is_the_wrong_principal():
    seen = f"arn:aws:sts::{ME}:assumed-role/eks-node/i-0abc"
    cause = cause_of(scenario("sqs:ListQueues", "*", EVERYTHING), principal=seen)
    assert (cause.code, cause.got) == ("wrong-principal", (seen,))
    same = cause_of(scenario("sqs:ListQueues", "*", EVERYTHING), principal=f"arn:aws:sts::{ME}:assumed-role/App/another-session")
    assert same.code != "wrong-principal"


# What is not known


def test_a_deny_on_an_unknown_key_is_likely_and_names_the_key():
    deny = {**EVERYTHING, "Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", EVERYTHING, deny, about={"unknown": ["aws:SourceIp"]})))
    assert (diagnosis.cause.code, diagnosis.cause.certainty, diagnosis.cause.key) == ("identity-explicit-deny", "likely", "aws:SourceIp")
    assert any("aws:SourceIp" in missing.what for missing in diagnosis.missing_evidence)


def test_an_unread_layer_is_named_and_nothing_is_proven():
    diagnosis = diagnose(
        case(scenario("sqs:ListQueues", "*", EVERYTHING, boundary="unknown"), error_code="AccessDenied", text="AccessDenied")
    )
    assert "boundary-missing-allow" in {cause.code for cause in (diagnosis.cause, *diagnosis.other_causes)}
    assert all(cause.certainty != "proven" for cause in (diagnosis.cause, *diagnosis.other_causes))
    assert any("boundary" in missing.what for missing in diagnosis.missing_evidence)


def test_nothing_is_proven_about_a_call_on_nobody_knows_what():
    about = {"unknown": ["resource"]}
    diagnosis = diagnose(case(scenario("s3:GetObject", "*", allow("s3:GetObject", "arn:aws:s3:::b/*"), about=about)))
    assert all(cause.certainty != "proven" for cause in (diagnosis.cause, *diagnosis.other_causes))
    assert "wrong-resource-arn" not in {cause.code for cause in (diagnosis.cause, *diagnosis.other_causes) if cause.request is not None}
    assert "give --resource ARN" in {missing.how for missing in diagnosis.missing_evidence}


def test_a_level_of_the_organisation_is_named_as_people_name_it():
    deny = {"target": "ou-1", "name": "OU Workloads", "policies": [FULL, {"name": "d", "policy": policy({**EVERYTHING, "Effect": "Deny"})}]}
    given = case(scenario("sqs:ListQueues", "*", EVERYTHING, scp=[deny]))
    assert "on OU Workloads" in diagnose(given).cause.summary


def test_what_a_call_perhaps_makes_never_leads_while_the_call_itself_is_open():
    unread = dict.fromkeys(("boundary", "session", "resource", "endpoint", "scp", "rcp"), "unknown")
    diagnosis = diagnose(case(scenario("s3:GetObject", "arn:aws:s3:::b/k", allow("s3:*"), **unread)))
    assert diagnosis.cause.request == 0
    assert diagnosis.cause.certainty == "unknown"
    assert all("*" not in missing.how for missing in diagnosis.missing_evidence)


def test_the_layer_that_aws_names_stands_before_local_evidence_that_allows_it_and_the_difference_is_shown():
    told = {
        "kind": "explicit",
        "policy_type": "service_control",
        "action": "sqs:ListQueues",
        "text": "explicit deny in a service control policy",
    }
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", allow("s3:*"), scp=[{"target": "r", "policies": [FULL]}]), **told))
    assert (diagnosis.cause.code, diagnosis.cause.certainty) == ("scp-explicit-deny", "stated")
    assert diagnosis.other_causes[0].code == "identity-missing-allow"
    assert any("service control policy" in line for line in diagnosis.disagreement)


def test_a_message_that_names_a_layer_settles_the_condition_that_nobody_knew():
    there = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})
    given = scenario("iam:PassRole", f"arn:aws:iam::{ME}:role/r", there, about={"unknown": ["iam:PassedToService"]})
    told = {"kind": "implicit", "policy_type": "identity_based", "action": "iam:PassRole"}
    cause = cause_of(given, **told)
    assert (cause.code, cause.certainty, cause.key) == ("condition-mismatch", "likely", "iam:PassedToService")


def test_what_the_text_names_is_not_excluded_by_policies_about_another_action():
    told = {
        "text": "not authorized to perform the required AWS Marketplace actions (aws-marketplace:Subscribe)",
        "action": "aws-marketplace:Subscribe",
    }
    cause = cause_of(scenario("bedrock:InvokeModel", "*", allow("bedrock:*")), **told)
    assert (cause.code, cause.certainty) == ("identity-missing-allow", "likely")


def test_where_message_and_evidence_agree_there_is_no_disagreement():
    told = {"kind": "implicit", "policy_type": "identity_based", "action": "sqs:ListQueues"}
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", allow("s3:*")), **told))
    assert (diagnosis.cause.code, diagnosis.cause.certainty, diagnosis.disagreement) == ("identity-missing-allow", "proven", ())


def test_a_denial_that_every_policy_allows_is_a_disagreement():
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", EVERYTHING), error_code="AccessDenied", text="AccessDenied: Access Denied"))
    assert any("every policy that was read allows it" in line for line in diagnosis.disagreement)
    assert {cause.certainty for cause in (diagnosis.cause, *diagnosis.other_causes)} == {"unknown"}
    assert "scope-down-missing-allow" in {cause.code for cause in diagnosis.other_causes}


def test_an_expired_token_comes_before_every_policy():
    told = {"error_code": "ExpiredToken", "text": "ExpiredToken: The provided token has expired."}
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", allow("s3:*")), **told))
    assert (diagnosis.cause.code, diagnosis.cause.certainty, diagnosis.bucket) == ("expired-token", "stated", "credentials")


def test_the_scenarios_time_is_the_denials_time():
    assert evidence.scenario.read(scenario("sqs:ListQueues")).evidence.now == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_a_passed_role_that_the_service_may_not_assume_is_the_trust_policy():
    role = f"arn:aws:iam::{ME}:role/fn"
    trust = policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    about = {
        "resources": {role: {"policy": trust, "settings": {"RoleName": "fn"}}},
        "context": {"iam:PassedToService": "lambda.amazonaws.com"},
    }
    told = {"text": "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."}
    diagnosis = diagnose(case(scenario("iam:PassRole", role, EVERYTHING, about=about), **told))
    assert (diagnosis.cause.code, diagnosis.bucket) == ("trust-policy", "permission")


def test_a_role_too_new_to_be_named_in_a_policy_is_propagation():
    role = f"arn:aws:iam::{ME}:role/just-made"
    fresh = {role: {"policy": None, "settings": {"CreateDate": "2026-11-20T09:29:55Z"}}}
    told = {"error_code": "MalformedPolicy", "text": "An error occurred (MalformedPolicy): Invalid principal in policy"}
    given = scenario("s3:PutBucketPolicy", "arn:aws:s3:::b", EVERYTHING, about={"resources": fresh})
    assert cause_of(given, **told).code == "propagation"
    old = {role: {"policy": None, "settings": {"CreateDate": "2025-11-20T09:29:55Z"}}}
    assert (
        cause_of(scenario("s3:PutBucketPolicy", "arn:aws:s3:::b", EVERYTHING, about={"resources": old}), **told).code == "malformed-policy"
    )


def test_a_region_that_is_not_switched_on_is_the_account():
    account = {"policy": None, "settings": {"Regions": [{"RegionName": "ap-east-1", "RegionOptStatus": "DISABLED"}]}}
    about = {"resources": {f"arn:aws:iam::{ME}:root": account}, "context": {"aws:RequestedRegion": "ap-east-1"}}
    diagnosis = diagnose(case(scenario("sqs:ListQueues", "*", EVERYTHING, about=about)))
    assert (diagnosis.cause.code, diagnosis.bucket) == ("account-restriction", "account")


def test_mail_from_the_sandbox_is_the_account():
    account = {"policy": None, "settings": {"ProductionAccessEnabled": False}}
    about = {"resources": {f"arn:aws:iam::{ME}:root": account}}
    cause = cause_of(scenario("ses:SendEmail", f"arn:aws:ses:eu-west-1:{ME}:identity/example.com", EVERYTHING, about=about))
    assert cause.code == "account-restriction"


def test_a_role_that_is_not_there_cannot_be_assumed():
    role = f"arn:aws:iam::{OTHER}:role/gone"
    about = {"account": OTHER, "resources": {role: {"policy": None, "settings": {}, "exists": False}}}
    diagnosis = diagnose(case(scenario("sts:AssumeRole", role, EVERYTHING, about=about)))
    assert (diagnosis.cause.code, diagnosis.bucket) == ("not-found-hidden", "call")


def test_a_service_linked_role_that_is_missing_or_touched():
    arn = f"arn:aws:iam::{ME}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"
    absent = {"resources": {arn: {"policy": None, "settings": {}, "exists": False}}}
    assert cause_of(scenario("sqs:CreateQueue", f"arn:aws:sqs:us-east-1:{ME}:q", EVERYTHING, about=absent)).code == "service-linked-role"
    assert cause_of(scenario("iam:PutRolePolicy", arn, EVERYTHING)).code == "service-linked-role"


def test_a_region_lock_is_told_as_a_short_proof():
    lock = {
        "Sid": "RegionLock", "Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    }  # fmt: skip
    scp = [{"target": "ou-1", "name": "OU Workloads", "policies": [FULL, {"name": "RegionLock", "policy": policy(lock)}]}]
    about = {"context": {"aws:RequestedRegion": "us-east-1"}}
    cause = cause_of(scenario("sqs:ListQueues", "*", EVERYTHING, about=about, scp=scp))
    assert "unless in `eu-west-1`, `eu-central-1`, and this call had `us-east-1`" in cause.summary
    assert cause.because[1] == "and this call had `us-east-1`"
    assert cause.because[2].startswith("so the service control policy denies")
    assert cause.because[2].endswith("though its own policies allow it")


def test_a_key_whose_grants_nobody_read_may_let_the_caller_in_all_the_same():
    unread = key({**DELEGATES, "Principal": {"AWS": f"arn:aws:iam::{ME}:role/Admin"}})
    del unread[KEY]["settings"]["Grants"]
    diagnosis = diagnose(case(scenario("kms:Decrypt", KEY, EVERYTHING, resource=unread[KEY]["policy"], about={"resources": unread})))
    assert (diagnosis.cause.code, diagnosis.cause.certainty) == ("kms-key-policy", "likely")
    assert any(missing.what == f"the grants of {KEY}" and "kms:ListGrants" in missing.how for missing in diagnosis.missing_evidence)
