"""A policy that is written shorter is proved to be the same one, where anything is proved at all."""

import json

import undeny

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
EACH = [
    {"Effect": "Allow", "Action": f"s3:{a}", "Resource": f"arn:aws:s3:::bucket-{i}/*"}
    for i in range(40)
    for a in ("GetObject", "PutObject")
]
EVENT = {
    "eventVersion": "1.08",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a", "accountId": "111122223333"},
    "eventTime": "2026-11-01T00:00:00Z",
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreatePolicy",
    "awsRegion": "us-east-1",
    "errorCode": "LimitExceededException",
    "errorMessage": "Cannot exceed quota for PolicySize: 6144",
    "eventID": "1",
}


def test_the_merged_policy_is_proved_to_allow_just_what_the_long_one_does():
    parameters = {"policyName": "p", "policyDocument": json.dumps({"Version": "2012-10-17", "Statement": EACH})}
    layers = {"boundary": None, "session": None, "endpoint": None, "resource": None, "scp": [], "rcp": []}
    found = undeny.explain(
        {
            "id": "long",
            "event": EVENT | {"requestParameters": parameters},
            "policies": layers | {"identity": [{"name": "all", "policy": ALLOW}]},
        }
    )
    assert found.cause.code == "policy-size-limit"
    proofs = {proof.obligation: (proof.holds, proof.how) for proof in found.fixes[0].proofs}
    assert proofs["nothing_else"] == (True, "allows just what the document allowed: proved for every request")
    assert proofs["suffices"][0] is True
    assert proofs["well_formed"][0] is True
