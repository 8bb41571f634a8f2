"""The policies of AWS's own record: taken where they decide as AWS did, compared everywhere, and never stretched to what they leave out."""

import copy

from undeny import pipeline

ROLE = "arn:aws:iam::111122223333:role/App"
SESSION = "arn:aws:sts::111122223333:assumed-role/App/i-1"
ACCOUNT = "arn:aws:organizations::444455556666:account/o-1/111122223333"
SCP = "arn:aws:organizations::444455556666:policy/o-1/service_control_policy/p-1"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OTHER = {"Version": "2012-10-17", "Statement": [{"Sid": "Other", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
DETAILS = {
    "authorizationId": "0a1b",
    "requestContext": {
        "aws:PrincipalArn": ROLE,
        "aws:userid": "AROAEXAMPLE:i-1",
        "aws:RequestedRegion": "eu-west-1",
        "aws:SourceIp": "203.0.113.9",
    },
    "evaluations": [
        {
            "action": "s3:PutObject",
            "resource": "arn:aws:s3:::b/k",
            "evaluatedEffect": "IMPLICIT_DENY",
            "matchedPolicies": [{"uri": "deprecated", "matchedStatements": []}],
            "checks": [
                {
                    "checkType": "SERVICE_CONTROL_POLICY",
                    "evaluatedEffect": "ALLOW",
                    "targetArn": ACCOUNT,
                    "relevantPolicyTypes": ["SERVICE_CONTROL_POLICY"],
                    "matchedPolicies": [{"uri": SCP, "matchedStatements": [{"sid": "All", "evaluatedEffect": "ALLOW"}]}],
                },
                {"checkType": "PRINCIPAL", "evaluatedEffect": "IMPLICIT_DENY", "relevantPolicyTypes": ["IDENTITY_BASED_POLICY"]},
            ],
        }
    ],
    "policies": [
        {"type": "SERVICE_CONTROL_POLICY", "uri": SCP, "attachedTo": [{"arn": ACCOUNT}], "policyDocument": ALLOW},
        {"type": "IDENTITY_BASED_POLICY", "uri": "x1", "inline": True, "attachedTo": [{"arn": ROLE}], "policyDocument": OTHER},
    ],
}


def checks(found):
    return {one.layer: (one.aws, one.here, one.agrees) for one in found.aws_checks}


def changed(change):
    made = copy.deepcopy(DETAILS)
    change(made)
    return made


def test_a_saved_record_with_its_policies_is_evidence_enough():
    found = pipeline.explain(DETAILS)
    assert (found.cause.code, found.denial.principal, found.denial.action) == ("identity-missing-allow", SESSION, "s3:PutObject")
    assert found.verdict.layers["scp"] == "allowed"
    assert found.verdict.layers["identity"] == "implicitly_denied"
    assert found.verdict.layers["session"] == found.verdict.layers["boundary"] == "not_applicable"
    assert checks(found) == {
        "scp": ("allowed", "allowed", True),
        "identity": ("implicitly_denied", "implicitly_denied", True),
    }
    assert found.disagreement == ()
    assert found.aws_checks[0].statements == ("p-1: All",)


def test_a_fix_to_a_recorded_document_is_not_to_be_applied_unseen():
    fix = next(one for one in pipeline.explain(DETAILS).fixes if getattr(one.changes[0], "before", None))
    assert fix.applicability == "has_placeholders"  # the record does not tell the name of an inline policy
    assert pipeline.AS_THEN in fix.risks


def test_documents_that_do_not_give_what_aws_decided_are_not_taken_and_the_page_says_so():
    def lies(made):
        made["policies"][1]["policyDocument"] = ALLOW

    walked = pipeline.walk(changed(lies))
    assert walked.case.evidence.recorded == ("scp",)
    assert walked.explanation.verdict.layers["identity"] == "unknown"
    assert checks(walked.explanation)["identity"] == ("implicitly_denied", "unknown", None)


def test_where_what_is_read_now_decides_otherwise_the_record_wins_and_where_it_agrees_what_is_read_now_stays():
    scenario = {
        "id": "now",
        "policies": {"identity": [{"name": "now", "policy": ALLOW}], "boundary": None, "scp": [], "rcp": [], "resource": None},
        "request": {"principal": SESSION, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"},
    }
    from undeny.evidence import scenario as scenarios

    now = scenarios.read(scenario).evidence
    walked = pipeline.walk(DETAILS, now)
    assert "identity" in walked.case.evidence.recorded
    assert walked.explanation.verdict.layers["identity"] == "implicitly_denied"
    same = scenarios.read({**scenario, "policies": {**scenario["policies"], "identity": [{"name": "now", "policy": OTHER}]}}).evidence
    kept = pipeline.walk(DETAILS, same)
    assert "identity" not in kept.case.evidence.recorded
    assert kept.case.evidence.policies.identity[0].name == "now"


def test_a_disagreement_is_said_in_words():
    def denies(made):
        made["evaluations"][0]["checks"][0]["evaluatedEffect"] = "EXPLICIT_DENY"
        made["evaluations"][0]["evaluatedEffect"] = "EXPLICIT_DENY"

    from undeny.evidence import scenario as scenarios

    held = {"target": "111122223333", "policies": [{"name": "Full", "policy": ALLOW}]}
    now = scenarios.read({"id": "x", "policies": {"identity": [{"name": "now", "policy": OTHER}], "scp": [held], "rcp": []}}).evidence
    found = pipeline.explain(changed(denies), now)
    assert checks(found)["scp"] == ("explicitly_denied", "allowed", False)
    assert any("the SCP layer explicitly denies the call; what was read here allows it" in line for line in found.disagreement)


def test_another_service_is_not_decided_over_a_recorded_document():
    def encrypted(made):
        made["policies"][1]["policyDocument"] = ALLOW
        made["evaluations"][0]["checks"][0]["evaluatedEffect"] = "EXPLICIT_DENY"
        made["evaluations"][0]["evaluatedEffect"] = "EXPLICIT_DENY"
        made["evaluations"][0]["checks"][1]["evaluatedEffect"] = "ALLOW"
        made["policies"][0]["policyDocument"] = {"Statement": [{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}
        made["requestContext"]["s3:x-amz-server-side-encryption"] = "aws:kms"

    walked = pipeline.walk(changed(encrypted))
    hidden = [(r, v) for r, v in zip(walked.case.requests, walked.case.verdicts, strict=True) if r.action.startswith("kms:")]
    assert hidden
    assert all(verdict.layers["identity"] == "unknown" for _, verdict in hidden)
