"""Pairs of accounts that differ in one place, the same call in both: dev lets it through, prod does not."""

import copy
import json

import pytest

import undeny
from undeny.prove.comparing import compare

DEV, PROD = "111122223333", "444455556666"
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
RCP_FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}


def _policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def _named(name, document):
    return {"name": name, "policy": document}


def _levels(kind, account, full):
    name = "FullAWSAccess" if kind == "scp" else "RCPFullAWSAccess"
    return [{"target": target, "policies": [_named(name, full)]} for target in ("r-ab12", f"ou-ab12-{account[:8]}", account)]


def account(number):
    """An account in which the call goes through every layer."""
    role = f"arn:aws:iam::{number}:role/App"
    return {
        "id": number,
        "request": {
            "principal": f"arn:aws:sts::{number}:assumed-role/App/run",
            "action": "s3:PutObject",
            "resource": "arn:aws:s3:::shared-logs/2026/app.json",
            "resource_account": number,
            "context": {"aws:SourceVpce": "vpce-0a", "aws:PrincipalTag/team": "red", "s3:x-amz-server-side-encryption": "AES256"},
        },
        "now": "2026-11-20T09:00:00Z",
        "policies": {
            "identity": [
                _named("App", _policy(_allow(["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::shared-logs/*"), _allow("kms:Decrypt"))),
                _named("Base", _policy(_allow("logs:*"))),
            ],
            "boundary": [_named("Edge", _policy(_allow(["s3:*", "logs:*", "kms:*", "sts:*"])))],
            "session": [_named("session", _policy(_allow(["s3:*", "kms:*"])))],
            "scope_down": [_named("down", _policy(_allow("s3:*"))), _named("further", _policy(_allow(["s3:PutObject", "s3:GetObject"])))],
            "endpoint": [_named("vpce", _policy(_allow("s3:*", Principal="*")))],
            "resource": _policy(
                {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared-logs/*"}
            ),
            "scp": _levels("scp", number, FULL),
            "rcp": _levels("rcp", number, RCP_FULL),
        },
        "resources": {},
    }


def key_account(number):
    """An account whose role uses a key whose policy leaves it to the account."""
    key = f"arn:aws:kms:eu-west-1:{number}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    found = account(number)
    found["request"] |= {"action": "kms:Decrypt", "resource": key, "context": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    delegates = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{number}:root"}, "Action": "kms:*", "Resource": "*"}
    found["policies"] |= {"resource": _policy(delegates), "endpoint": None, "scope_down": None}
    return found


def trust_account(number):
    """An account in which a user assumes a role."""
    found = account(number)
    found["request"] |= {
        "principal": f"arn:aws:iam::{number}:user/ci",
        "action": "sts:AssumeRole",
        "resource": f"arn:aws:iam::{number}:role/Deploy",
    }
    found["request"]["context"] = {"sts:ExternalId": "x-1"}
    trusts = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{number}:user/ci"}, "Action": "sts:AssumeRole"}
    found["policies"] |= {"resource": _policy(trusts), "endpoint": None, "session": None, "scope_down": None}
    return found


def bucket_with_key(number, key_id):
    """An account whose bucket is encrypted with a key of its own id: S3 calls KMS behind the call."""
    found = account(number)
    key = f"arn:aws:kms:eu-west-1:{number}:key/{key_id}"
    found["policies"] |= {"scope_down": None, "endpoint": None}
    found["request"]["context"].pop("s3:x-amz-server-side-encryption")
    found["policies"]["identity"][0]["policy"]["Statement"].append(_allow(["kms:GenerateDataKey", "kms:Decrypt"], key))
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]}
    delegates = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{number}:root"}, "Action": "kms:*", "Resource": "*"}
    found["resources"] = {
        "arn:aws:s3:::shared-logs": {"policy": found["policies"]["resource"], "settings": {"ServerSideEncryptionConfiguration": rules}},
        key: {"policy": _policy(delegates), "settings": {"KeyState": "Enabled", "KeyManager": "CUSTOMER"}},
    }
    return found


def _identity_gone(s):
    s["policies"]["identity"][0]["policy"]["Statement"][0]["Action"] = ["s3:GetObject"]


def _identity_condition(s):
    s["policies"]["identity"][0]["policy"]["Statement"][0]["Condition"] = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}


def _identity_deny(s):
    s["policies"]["identity"].append(_named("Stop", _policy(_deny("s3:Put*"))))


def _boundary(s):
    s["policies"]["boundary"][0]["policy"]["Statement"][0]["Action"] = ["s3:Get*", "logs:*"]


def _boundary_new(s):
    s["policies"]["boundary"].append(_named("More", _policy(_deny("s3:PutObject"))))


def _session(s):
    s["policies"]["session"] = [_named("session", _policy(_allow("s3:GetObject")))]


def _scope_down(s):
    s["policies"]["scope_down"][1]["policy"]["Statement"][0]["Action"] = "s3:GetObject"


def _resource(s):
    statement = _deny("s3:*", "arn:aws:s3:::shared-logs/*", Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0b"}})
    s["policies"]["resource"]["Statement"].append(statement)


def _resource_first(s):
    s["policies"]["resource"] = _policy(_deny("s3:PutObject", "arn:aws:s3:::shared-logs/*", Principal="*"))


def _endpoint(s):
    s["policies"]["endpoint"][0]["policy"]["Statement"][0]["Action"] = ["s3:GetObject", "s3:ListBucket"]


def _scp_ou(s):
    s["policies"]["scp"][1]["policies"].append(_named("NoUploads", _policy(_deny("s3:PutObject"))))


def _scp_ou_allow_list(s):
    s["policies"]["scp"][1]["policies"] = [_named("OnlyReads", _policy(_allow(["s3:Get*", "s3:List*", "kms:*"])))]


def _scp_more_levels(s):
    guarded = [_named("FullAWSAccess", FULL), _named("Guard", _policy(_deny("s3:Put*")))]
    s["policies"]["scp"].insert(2, {"target": "ou-ab12-deeper00", "name": "Locked", "policies": guarded})


def _scp_exempts_dev(s):
    del s


def _rcp_ou(s):
    guard = _deny("s3:*", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalTag/team": "blue"}})
    s["policies"]["rcp"][1]["policies"].append(_named("Guard", _policy(guard)))


def _key_policy(s):
    s["policies"]["resource"]["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{s['id']}:role/Admin"}


def _trust(s):
    s["policies"]["resource"]["Statement"][0]["Condition"] = {"StringEquals": {"sts:ExternalId": "x-2"}}


def _tag(s):
    s["request"]["context"]["aws:PrincipalTag/team"] = "blue"


def _hidden_key(s):
    key = next(arn for arn in s["resources"] if ":kms:" in arn)
    s["resources"][key]["policy"]["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{s['id']}:role/Admin"}


def _stale_account(s):
    s["policies"]["resource"]["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{DEV}:user/ci"}


def _only_red(s):
    s["policies"]["identity"][0]["policy"]["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalTag/team": "red"}}


def _exempt(s):
    guard = _deny("s3:PutObject", Condition={"StringNotEquals": {"aws:PrincipalAccount": DEV}})
    s["policies"]["scp"][0]["policies"].append(_named("OnlyDev", _policy(guard)))


def granted_by_trust(number):
    """An account in which the trust policy alone lets the user in."""
    found = trust_account(number)
    found["policies"]["identity"] = []
    return found


def _delegates(s):
    s["policies"]["resource"]["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{s['id']}:root"}


def _keys(number):
    return bucket_with_key(number, "aaaa1111-0000-0000-0000-000000000000" if number == DEV else "bbbb2222-0000-0000-0000-000000000000")


PAIRS = {
    "an identity allow is gone": (account, None, _identity_gone, "identity", None),
    "an identity allow has a condition": (account, None, _identity_condition, "identity", None),
    "an identity policy more denies": (account, None, _identity_deny, "identity", None),
    "the boundary is narrower": (account, None, _boundary, "boundary", None),
    "the boundary denies": (account, None, _boundary_new, "boundary", None),
    "the session policy is narrower": (account, None, _session, "session", None),
    "a scope-down policy is narrower": (account, None, _scope_down, "scope_down", None),
    "the bucket's policy wants another endpoint": (account, None, _resource, "resource", None),
    "the bucket's policy denies": (account, None, _resource_first, "resource", None),
    "the endpoint's policy is narrower": (account, None, _endpoint, "endpoint", None),
    "an SCP at the OU denies": (account, None, _scp_ou, "scp", "ou-ab12-44445555"),
    "the SCPs at the OU allow only reads": (account, None, _scp_ou_allow_list, "scp", "ou-ab12-44445555"),
    "there is one OU more": (account, None, _scp_more_levels, "scp", "ou-ab12-deeper00 (Locked)"),
    "an SCP at the root names dev": (account, _exempt, _scp_exempts_dev, "scp", "r-ab12"),
    "an RCP at the OU denies": (account, None, _rcp_ou, "rcp", "ou-ab12-44445555"),
    "the key's policy does not leave it to the account": (key_account, None, _key_policy, "resource", None),
    "the policy of the key behind the bucket": (_keys, None, _hidden_key, "resource", None),
    "the role's trust policy wants another external id": (trust_account, None, _trust, "resource", None),
    "the role's trust policy still names dev": (trust_account, None, _stale_account, "resource", None),
    "the trust policy only leaves it to the account": (granted_by_trust, None, _delegates, "resource", None),
    "the caller has another tag": (account, _only_red, _tag, "context", "aws:PrincipalTag/team"),
}


def pair(name):
    make, both, change, layer, level = PAIRS[name]
    a, b = make(DEV), make(PROD)
    for one in (a, b) if both else ():
        both(one)
    change(b)
    return a, b, layer, level


@pytest.mark.parametrize("name", PAIRS)
def test_the_layer_that_makes_the_call_fail_is_named(name):
    a, b, layer, level = pair(name)
    found = compare(a, b)
    assert (found.alike, found.a.decision, found.layer) == (False, "allowed", layer)
    assert found.b.decision.endswith("denied")
    assert [one.layer for one in found.differences if one.decides] == [layer]
    if level is not None:
        assert found.level == level


@pytest.mark.parametrize("name", PAIRS)
def test_the_witness_is_allowed_in_one_and_denied_in_the_other(name):
    a, b, _, _ = pair(name)
    [deciding] = [one for one in compare(a, b).differences if one.decides]
    witness = deciding.witness
    if "behind" in name:  # a request behind the call, of which `evaluate` has not the layers
        assert (witness.request_a["action"], witness.call_b) == ("kms:GenerateDataKey", "implicitly_denied")
        return
    assert undeny.evaluate(a | {"request": witness.request_a}).decision == "allowed" == witness.call_a
    assert undeny.evaluate(b | {"request": witness.request_b}).decision == witness.call_b != "allowed"


@pytest.mark.parametrize("name", PAIRS)
def test_the_other_way_round_the_same_layer_is_named(name):
    a, b, layer, _ = pair(name)
    found = compare(b, a)
    assert (found.alike, found.layer) == (False, layer)


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_else_is_called_different(name):
    a, b, layer, _ = pair(name)
    assert {one.layer for one in compare(a, b).differences} == {layer}


def _reversed(value):
    """Every list of a policy in the other order, and each object's names too."""
    if isinstance(value, dict):
        return {key: _reversed(one) for key, one in reversed(value.items())}
    return [_reversed(one) for one in reversed(value)] if isinstance(value, list) else value


def _order(s):
    for layer in ("identity", "boundary", "session", "endpoint"):
        s["policies"][layer] = _reversed(s["policies"][layer])
    s["policies"]["resource"] = _reversed(s["policies"]["resource"])


def _formatting(s):
    for layer in ("identity", "boundary", "session", "endpoint", "scope_down"):
        for held in s["policies"][layer]:
            for statement in held["policy"]["Statement"]:
                statement["Sid"] = "Sid" + layer
                statement["Action"] = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]


def _wildcards(s):
    text = json.dumps(s["policies"]).replace('"s3:*"', '"S3:**"').replace("shared-logs/*", "shared-logs/**").replace('"logs:*"', '"Logs:*"')
    s["policies"] = json.loads(text)


def _names(s):
    for level in s["policies"]["scp"]:
        for held in level["policies"]:
            held["name"] = "our-" + held["name"].lower()


def _twice(s):
    for layer in ("identity", "boundary"):
        document = s["policies"][layer][0]["policy"]
        document["Statement"] = document["Statement"] * 2
    s["policies"]["scp"][1]["policies"] *= 2


def _split(s):
    document = s["policies"]["identity"][0]["policy"]
    first, *rest = document["Statement"]
    document["Statement"] = [{**first, "Action": "s3:PutObject"}, *rest]
    s["policies"]["identity"].append(_named("Rest", _policy({**first, "Action": "s3:GetObject"})))


def _subsumed(s):
    document = s["policies"]["identity"][0]["policy"]
    document["Statement"].append(_allow("s3:PutObject", "arn:aws:s3:::shared-logs/2026/*"))


def _spelled_out(s):
    statement = s["policies"]["identity"][0]["policy"]["Statement"][0]
    statement["Condition"] = {"StringLike": {"AWS:PrincipalTag/team": "*"}, "Null": {"aws:PrincipalTag/team": "false"}}


def _exists(s):
    s["policies"]["identity"][0]["policy"]["Statement"][0]["Condition"] = {"Null": {"aws:principaltag/team": "false"}}


def _one_ou_more(s):
    s["policies"]["scp"].insert(1, {"target": "ou-ab12-between0", "policies": [_named("FullAWSAccess", FULL)]})


def _guarded_root(s):
    s["policies"]["scp"][0]["policies"].append(_named("Guard", _policy(_deny("ec2:*"))))


def _moved_down(s):
    guard = s["policies"]["scp"][0]["policies"].pop()
    s["policies"]["scp"][1]["policies"].append(guard)


def _open_endpoint(s):
    s["policies"]["endpoint"] = None


def _full_endpoint(s):
    s["policies"]["endpoint"] = [_named("default", RCP_FULL)]


SAME = {
    "an OU more that forbids nothing": (None, _one_ou_more),
    "a deny that stands one level lower": (_guarded_root, _moved_down),
    "no endpoint, and one that lets everything through": (_open_endpoint, _full_endpoint),
    "order": (None, _order),
    "formatting": (None, _formatting),
    "the spelling of wildcards": (None, _wildcards),
    "names of SCPs": (None, _names),
    "statements that stand twice": (None, _twice),
    "a statement split into two policies": (None, _split),
    "a statement that another covers": (None, _subsumed),
    "a condition written in two ways": (_exists, _spelled_out),
    "the account": (None, _scp_exempts_dev),
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("make", [account, _keys], ids=["plain", "with a key"])
def test_pairs_that_only_look_different_are_alike(name, make):
    if make is _keys and name == "formatting":
        pytest.skip("there is no scope-down policy there")
    first, change = SAME[name]
    a, b = make(DEV), make(PROD)
    for one in (a, b) if first else ():
        first(one)
    change(b)
    found = compare(a, b)
    assert (found.alike, found.differences, found.undecided) == (True, (), ())
    assert (DEV, PROD) in [(one.a, one.b) for one in found.mapped]


def test_the_same_scenario_differs_in_nothing():
    found = compare(account(DEV), copy.deepcopy(account(DEV)))
    assert (found.alike, found.differences, found.looks_different, found.mapped) == (True, (), (), ())


def test_a_layer_that_was_not_read_makes_the_answer_unknown():
    b = account(PROD)
    b["policies"]["boundary"] = "unknown"
    found = compare(account(DEV), b)
    assert found.alike is None
    assert any("boundary" in need for need in found.needs)


def test_a_difference_that_the_call_does_not_meet_comes_with_a_request_that_shows_it():
    b = account(PROD)
    b["policies"]["scp"][1]["policies"].append(_named("NoDeletes", _policy(_deny("ec2:TerminateInstances"))))
    found = compare(account(DEV), b)
    assert found.alike
    [other] = found.differences
    assert (other.layer, other.decides, other.witness.request_a["action"]) == ("scp", False, "ec2:TerminateInstances")
    assert (other.witness.a, other.witness.b) == ("allowed", "explicitly_denied")


def test_two_layers_that_fail_together_are_both_named():
    b = account(PROD)
    _scp_ou(b)
    _identity_gone(b)
    found = compare(account(DEV), b)
    assert {one.layer for one in found.differences if one.decides} == {"scp", "identity"}
    assert found.layer == "scp"


def test_buckets_and_roles_of_another_name_are_mapped():
    a, b = account(DEV), account(PROD)
    b = json.loads(json.dumps(b).replace("shared-logs", "logs-prod").replace("role/App", "role/AppProd"))
    assert compare(a, b).differences == ()
    _identity_gone(b)
    found = compare(a, b)
    assert (found.layer, found.level) == ("identity", None)


def test_a_policy_that_still_names_the_other_bucket_is_different():
    a, b = account(DEV), account(PROD)
    b["request"]["resource"] = "arn:aws:s3:::logs-prod/2026/app.json"
    found = compare(a, b)
    assert (found.alike, found.layer) == (False, "identity")


def test_the_call_may_be_told_by_an_event():
    a, b = account(DEV), account(PROD)
    _scp_ou(b)
    for one in (a, b):
        request = one.pop("request")
        one["event"] = {
            "eventSource": "s3.amazonaws.com",
            "eventName": "PutObject",
            "eventTime": "2026-11-20T09:00:00Z",
            "userIdentity": {"type": "AssumedRole", "arn": request["principal"], "accountId": one["id"]},
            "requestParameters": {"bucketName": "shared-logs", "key": "2026/app.json"},
            "resources": [
                {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::shared-logs/2026/app.json"},
                {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::shared-logs", "accountId": one["id"]},
            ],
            "errorCode": "AccessDenied",
            "vpcEndpointId": "vpce-0a",
        }
    found = compare(a, b)
    assert (found.b.decision, found.layer) == ("explicitly_denied", "scp")


def test_a_thing_of_another_account_is_a_difference_of_the_call():
    a, b = account(DEV), account(DEV)
    b["request"]["resource_account"] = "777788889999"
    b["policies"]["resource"] = None
    a["policies"]["resource"] = None
    found = compare(a, b)
    assert (found.alike, found.layer, found.level) == (False, "call", "resource_account")
