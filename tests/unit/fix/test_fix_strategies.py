"""What is proposed for small cases, as the JSON that other programs carry out: the changes are applied to the scenario here, by other code."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from undeny import decide, pipeline
from undeny.fix import propose
from undeny.iam import wildcard

ROLE = "arn:aws:sts::111122223333:assumed-role/App/i-1"
HOLDER = "arn:aws:iam::111122223333:role/App"
OBJECT = "arn:aws:s3:::logs/2026/app.json"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FULL = {"name": "FullAWSAccess", "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action, resource="*", **more):
    return allow(action, resource, **more) | {"Effect": "Deny"}


def scenario(  # noqa: PLR0913 - the fields of a scenario
    action="s3:GetObject", on=OBJECT, *, identity=(), context=None, principal=ROLE, account="111122223333", **layers
):
    things = layers.pop("resources", {})
    named = [{"name": f"p{i}", "policy": d} for i, d in enumerate(identity)]
    held = {"identity": named, "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    return {
        "id": "x",
        "text": "Access Denied",
        "request": {"principal": principal, "action": action, "resource": on, "resource_account": account, "context": context or {}},
        "policies": held | layers,
        "resources": things,
        "now": "2026-11-20T09:30:00Z",
    }


def explained(given):
    return pipeline.to_builtins(pipeline.walk(given).explanation)


def fixes(given):
    return explained(given)["fixes"]


def only(fix, kind="policy"):
    (change,) = fix["changes"]
    assert change["kind"] == kind
    return change


def holds(fix):
    return {p["obligation"]: p["holds"] for p in fix["proofs"]}


def applied(given, changes):
    """Carry the changes out on the scenario as the interface says, without any code of the tool."""
    after = copy.deepcopy(given)
    for change in changes:
        if change["kind"] == "policy":
            _write(after, change)
        elif change["kind"] == "call":
            request = after["request"]
            request.update({k: change[k] for k in ("action", "resource", "principal") if change.get(k)})
            request["context"] = {**request["context"], **change.get("context", {})}
    return after


def _write(after, change):
    policies, layer = after["policies"], change["layer"]
    if layer == "resource":
        if change["target"] in after["resources"]:
            after["resources"][change["target"]]["policy"] = change["after"]
        if after["request"]["resource"].startswith(change["target"]):
            policies["resource"] = change["after"]
        return
    holders = [policies] if layer not in ("scp", "rcp") else [lv for lv in policies[layer] if lv["target"] == change["target"]]
    for held in holders:
        name = layer if held is policies else "policies"
        there = [p for p in held[name] or [] if p["name"] != change["policy"]]
        held[name] = [*there, *([{"name": change["policy"], "policy": change["after"]}] if change["after"] else [])]


def decision(given):
    return decide.evaluate({k: v for k, v in given.items() if k not in ("text", "now")}).decision


def test_a_missing_allow_becomes_the_exact_action_and_resource_in_a_new_inline_policy():
    fix = fixes(scenario())[0]
    change = only(fix)
    assert (change["layer"], change["target"], change["policy"], change["before"]) == ("identity", HOLDER, "undeny-s3-GetObject", None)
    assert change["after"] == doc(allow("s3:GetObject", OBJECT))
    assert fix["applicability"] == "machine_applicable"
    assert set(holds(fix).values()) == {True}


def test_a_statement_with_the_same_resource_is_extended_and_all_else_in_the_document_stays():
    held = {"Version": "2012-10-17", "Id": "own", "Statement": [allow("s3:PutObject", OBJECT), deny("iam:*")]}
    change = only(fixes(scenario(identity=[held]))[0])
    assert change["before"] == held
    assert change["after"] == held | {"Statement": [allow(["s3:PutObject", "s3:GetObject"], OBJECT), deny("iam:*")]}


def test_a_policy_of_aws_is_never_edited():
    given = scenario()
    given["policies"]["identity"] = [{"name": "AmazonSQSFullAccess", "policy": doc(allow("sqs:*", OBJECT))}]
    assert only(fixes(given)[0])["policy"] == "undeny-s3-GetObject"


def test_a_customer_managed_policy_is_left_to_its_other_holders():
    given = scenario()
    shared = {"name": "Shared", "arn": "arn:aws:iam::111122223333:policy/Shared", "policy": doc(allow("s3:PutObject", OBJECT))}
    given["policies"]["identity"] = [shared]
    assert only(fixes(given)[0])["policy"] == "undeny-s3-GetObject"


def test_an_action_without_resources_gets_the_star_that_it_needs():
    change = only(fixes(scenario("s3:ListAllMyBuckets", "*"))[0])
    assert change["after"] == doc(allow("s3:ListAllMyBuckets", "*"))


def test_nobody_edits_a_service_linked_role():
    given = scenario(principal="arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling")
    assert [f for f in fixes(given) if any(c.get("layer") == "identity" for c in f["changes"])] == []


@pytest.mark.parametrize(
    ("role", "managed_by", "said"),
    [
        ("AWSReservedSSO_Admin_0123456789abcdef", "identity-center", "permission set Admin"),
        ("cdk-hnb659fds-deploy-role-111122223333-eu-west-1", "cloudformation", "bootstrap"),
    ],
)
def test_a_role_that_something_else_writes_says_where_the_change_belongs(role, managed_by, said):
    fix = fixes(scenario(principal=f"arn:aws:sts::111122223333:assumed-role/{role}/me"))[0]
    assert fix["managed_by"] == managed_by
    assert any(said in risk for risk in fix["risks"])


def test_both_sides_across_accounts_are_one_fix_with_the_other_account_as_owner():
    given = scenario("sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:orders", account="444455556666")
    fix = fixes(given)[0]
    assert [(c["layer"], c["target"]) for c in fix["changes"]] == [
        ("identity", HOLDER),
        ("resource", "arn:aws:sqs:eu-west-1:444455556666:orders"),
    ]
    assert fix["owner"] == "444455556666"
    assert "arn:aws:iam::111122223333:role/App" in fix["message"]
    assert decision(applied(given, fix["changes"])) == "allowed"


def test_a_resource_policy_names_the_role_and_not_its_account():
    given = scenario("sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:orders", account="444455556666", identity=[doc(allow("sqs:*"))])
    after = only(fixes(given)[0])["after"]
    assert after["Statement"][0]["Principal"] == {"AWS": HOLDER}


def test_a_service_is_let_in_for_the_thing_that_it_acts_for():
    context = {"aws:SourceArn": "arn:aws:s3:::logs", "aws:SourceAccount": "111122223333"}
    given = scenario("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:orders", principal="s3.amazonaws.com", context=context)
    statement = only(fixes(given)[0])["after"]["Statement"][0]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"},
        "StringEquals": {"aws:SourceAccount": "111122223333"},
    }


def test_a_role_is_passed_to_one_service_only():
    given = scenario("iam:PassRole", "arn:aws:iam::111122223333:role/Task", context={"iam:PassedToService": "ecs-tasks.amazonaws.com"})
    statement = only(fixes(given)[0])["after"]["Statement"][0]
    assert statement["Resource"] == "arn:aws:iam::111122223333:role/Task"
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def test_the_key_behind_the_bucket_is_taken_in_and_only_through_s3():
    things = {
        "arn:aws:s3:::logs": {
            "policy": None,
            "settings": {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
                }
            },
        },
        KEY: {
            "policy": doc(allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:root"})),
            "settings": {"KeyManager": "CUSTOMER", "KeyState": "Enabled"},
        },
    }
    fix = fixes(scenario(resources=things))[0]
    statements = only(fix)["after"]["Statement"]
    assert allow("kms:Decrypt", KEY, Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}) in statements
    assert holds(fix)["suffices"] is True


@pytest.mark.parametrize(
    "layers",
    [
        {"scp": [{"target": "r-1", "policies": [FULL, {"name": "no", "policy": doc(deny("s3:*"))}]}]},
        {"boundary": [{"name": "b", "policy": doc(allow("*"), deny("s3:GetObject"))}]},
        {"session": [{"name": "s", "policy": doc(allow("*"), deny("s3:GetObject"))}]},
        {"resource": doc(deny("s3:GetObject", "arn:aws:s3:::logs/*", Principal="*"))},
    ],
)
def test_nothing_is_granted_around_a_deny(layers):
    for fix in fixes(scenario(identity=[doc(allow("sqs:*"))], **layers)):
        allows = [c for c in fix["changes"] if c["kind"] == "policy" and c["layer"] == "identity"]
        assert not allows or fix["applicability"] == "maybe_incorrect"
        assert not allows or len(fix["changes"]) > len(allows), "a grant alone does not get past a deny"


def test_a_missing_boundary_allow_is_asked_of_its_owner():
    fix = fixes(scenario(identity=[doc(allow("s3:*"))], boundary=[{"name": "b", "policy": doc(allow("sqs:*"))}]))[0]
    change = only(fix)
    assert (change["layer"], change["policy"]) == ("boundary", "b")
    assert fix["applicability"] == "maybe_incorrect"
    assert "s3:GetObject" in fix["message"]
    assert holds(fix)["no_guard_weakened"] is False


def test_a_region_lock_is_satisfied_before_it_is_loosened():
    lock = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}})
    given = scenario(
        "sqs:CreateQueue",
        "arn:aws:sqs:us-east-1:111122223333:q",
        identity=[doc(allow("sqs:*"))],
        scp=[{"target": "ou-1", "policies": [FULL, {"name": "lock", "policy": doc(lock)}]}],
    )
    first, *rest = fixes(given)
    assert only(first, "call")["context"] == {"aws:RequestedRegion": "eu-west-1"}
    assert [f["owner"] for f in rest] == ["organization"]


def test_mfa_is_asked_of_the_caller_and_not_of_the_policy():
    guard = deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    given = scenario(identity=[doc(allow("s3:*")), doc(guard)], principal="arn:aws:iam::111122223333:user/dev")
    change = only(fixes(given)[0], "call")
    assert "get-session-token" in change["how"]
    assert decision(applied(given, [change])) == "allowed"


def test_an_external_id_is_sent():
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": HOLDER},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "x-1"}},
    }
    given = scenario(
        "sts:AssumeRole",
        "arn:aws:iam::444455556666:role/Partner",
        account="444455556666",
        identity=[doc(allow("sts:*"))],
        resource=doc(trust),
    )
    assert given["policies"]["resource"] == doc(trust)
    assert only(fixes(given)[0], "call")["context"] == {"sts:ExternalId": "x-1"}


def test_a_deny_that_misses_its_not_principal_is_written_with_the_callers_arn():
    held = {"Effect": "Deny", "NotPrincipal": {"AWS": HOLDER}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}
    given = scenario(identity=[doc(allow("s3:*"))], resource=doc(held))
    after = only(fixes(given)[0])["after"]
    here = [s for s in after["Statement"] if s.get("Resource") == OBJECT]
    assert [s["Condition"] for s in here] == [{"ArnNotEquals": {"aws:PrincipalArn": HOLDER}}]
    assert all("NotPrincipal" not in s for s in here)
    assert decision(applied(given, fixes(given)[0]["changes"])) == "allowed"


def test_from_a_text_alone_there_are_placeholders_and_no_proof():
    text = "User: arn:aws:sts::111122223333:assumed-role/App/i-1 is not authorized to perform: sqs:SendMessage because no identity-based policy allows the sqs:SendMessage action"
    fix = fixes(text)[0]
    assert fix["applicability"] == "has_placeholders"
    assert set(holds(fix).values()) == {None}
    assert "<" in json.dumps(fix["changes"])


def test_every_edit_of_the_recorded_cases_lets_the_call_through_when_other_code_carries_it_out():
    rows = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "diagnoses.jsonl").read_text().splitlines()]
    tried = 0
    for row in rows:
        if isinstance(row["input"], str) or "request" not in row["input"] or decision(row["input"]) == "allowed":
            continue
        for fix in fixes(row["input"]):
            if holds(fix)["suffices"] is not True or any(c["kind"] == "setting" for c in fix["changes"]):
                continue
            tried += 1
            given = {"resources": {}, **copy.deepcopy(row["input"])}
            assert decision(applied(given, fix["changes"])) in ("allowed", "unknown"), (row["id"], fix["title"])
    assert tried > 40


def test_every_recorded_case_is_free_of_stars_that_nobody_asked_for():
    rows = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "diagnoses.jsonl").read_text().splitlines()]
    for row in rows:
        walked = pipeline.walk(row["input"])
        asked = {r.resource for r in walked.case.requests}
        for fix in propose(walked.case, walked.diagnosis)[:1]:
            for change in pipeline.to_builtins(fix)["changes"]:
                if change["kind"] == "policy" and change["layer"] == "identity" and change["after"]:
                    old = {json.dumps(s) for s in (change["before"] or {"Statement": []})["Statement"]}
                    new = [s for s in change["after"]["Statement"] if json.dumps(s) not in old and s["Effect"] == "Allow"]
                    assert all(s["Action"] != "*" for s in new), row["id"]
                    assert all(s["Resource"] != "*" or "*" in asked for s in new), row["id"]


ACTIONS = st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:*", "sqs:SendMessage"])
THINGS = st.sampled_from(["arn:aws:s3:::logs", "arn:aws:s3:::logs/*", OBJECT, "arn:aws:s3:::other/*", "*"])
GUARDS = st.sampled_from(
    [None, {"StringEquals": {"s3:prefix": "a"}}, {"Bool": {"aws:SecureTransport": "false"}}, {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
     {"StringLike": {"s3:ExistingObjectTag/x": "y*"}}]
)  # fmt: skip
STATEMENTS = st.builds(lambda a, r, c: allow(a, r, Condition=c) if c else allow(a, r), ACTIONS, THINGS, GUARDS)
REQUESTS = st.sampled_from([("s3:GetObject", OBJECT), ("s3:PutObject", OBJECT), ("s3:ListBucket", "arn:aws:s3:::logs")])
PROBES = st.lists(
    st.tuples(
        st.sampled_from(
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "sqs:SendMessage", "iam:CreateUser", "kms:Decrypt"]
        ),
        st.sampled_from([OBJECT, OBJECT + "x", "arn:aws:s3:::logs", "arn:aws:s3:::logs/other", "arn:aws:s3:::other/k", "*", HOLDER]),
        st.sampled_from([{}, {"s3:prefix": "a"}, {"aws:SourceVpce": "vpce-1"}, {"aws:SecureTransport": "false"}]),
    ),
    min_size=8,
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(asked=REQUESTS, documents=st.lists(st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda s: doc(*s)), max_size=2), probes=PROBES)
def test_the_first_fix_of_any_missing_allow_suffices_and_opens_nothing_by_random_probe(asked, documents, probes):
    given = scenario(*asked, identity=documents)
    assume(decision(given) == "implicitly_denied")
    walked = pipeline.walk(given)
    candidates = walked.explanation.fixes
    assert candidates, "a missing identity allow can always be granted"
    fix = pipeline.to_builtins(candidates[0])
    after = applied(given, fix["changes"])
    assert decision(after) == "allowed"
    grants = next(p.fix.grants for p in walked.proven if p.fix.id == fix["id"])
    assert all((a, r) == asked for a, r, *_ in grants), "the first fix names this request and no other"
    for action, resource, context in probes:
        probe = {**given["request"], "action": action, "resource": resource, "context": context}
        newly = decision({**given, "request": probe}) != "allowed" and decision({**after, "request": probe}) == "allowed"
        called = fix["changes"][0]["kind"] == "call"
        assert (
            not newly
            or called
            or any(wildcard.matches(a, action, ignore_case=True) and wildcard.matches(r, resource) for a, r, *_ in grants)
        )


def region_lock(regions):
    return deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": regions}})


def test_two_denies_are_satisfied_by_one_change_to_the_call():
    mfa = deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    given = scenario(
        "sqs:CreateQueue",
        "arn:aws:sqs:us-east-1:111122223333:q",
        identity=[doc(allow("sqs:*"), mfa)],
        principal="arn:aws:iam::111122223333:user/dev",
        scp=[{"target": "r-1", "policies": [FULL, {"name": "lock", "policy": doc(region_lock("eu-west-1"))}]}],
    )
    fix = fixes(given)[0]
    assert only(fix, "call")["context"] == {"aws:RequestedRegion": "eu-west-1", "aws:MultiFactorAuthPresent": "true"}
    assert holds(fix)["needed"] is True
    assert decision(applied(given, fix["changes"])) == "allowed"


def test_an_exception_to_a_deny_is_for_this_action_and_this_caller_alone():
    given = scenario(
        identity=[doc(allow("s3:*"))],
        scp=[{"target": "r-1", "policies": [FULL, {"name": "no", "policy": doc(deny(["s3:GetObject", "s3:PutObject"]))}]}],
    )
    fix = fixes(given)[0]
    after = applied(given, fix["changes"])
    assert decision(after) == "allowed"
    for other in ({"action": "s3:PutObject"}, {"principal": "arn:aws:iam::111122223333:user/other"}):
        assert decision({**after, "request": {**after["request"], **other}}) == "explicitly_denied"


def test_an_exception_leaves_the_rest_of_a_deny_with_not_action_in_force():
    held = {
        "Effect": "Deny",
        "NotAction": ["iam:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
    }
    given = scenario(identity=[doc(allow("s3:*"))], scp=[{"target": "r-1", "policies": [FULL, {"name": "no", "policy": doc(held)}]}])
    after = applied(given, fixes(given)[0]["changes"])
    assert decision(after) == "allowed"
    assert decision({**after, "request": {**after["request"], "action": "s3:PutObject"}}) == "explicitly_denied"


def test_a_header_that_a_policy_denies_is_left_out():
    guard = deny("s3:PutObject", Condition={"StringEquals": {"s3:x-amz-acl": ["public-read"]}})
    given = scenario("s3:PutObject", identity=[doc(allow("s3:*"), guard)], context={"s3:x-amz-acl": "public-read"})
    assert only(fixes(given)[0], "call")["context"] == {"s3:x-amz-acl": None}


def test_a_value_that_only_fits_a_pattern_is_a_placeholder_and_not_proved():
    guard = deny("ec2:RunInstances", Condition={"StringNotLike": {"ec2:InstanceType": ["t3.*"]}})
    given = scenario(
        "ec2:RunInstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/*",
        identity=[doc(allow("ec2:*"), guard)],
        context={"ec2:InstanceType": "m5.large"},
    )
    fix = fixes(given)[0]
    assert fix["applicability"] == "has_placeholders"
    assert set(holds(fix).values()) == {None}


def test_a_prefix_is_listed_under_the_callers_own_name():
    home = allow("s3:ListBucket", "arn:aws:s3:::logs", Condition={"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}})
    given = scenario(
        "s3:ListBucket",
        "arn:aws:s3:::logs",
        identity=[doc(home)],
        principal="arn:aws:iam::111122223333:user/ana",
        context={"s3:prefix": ""},
    )
    fix = fixes(given)[0]
    assert only(fix, "call")["context"] == {"s3:prefix": "home/ana/"}
    assert holds(fix)["suffices"] is True


def test_a_tag_that_a_new_thing_cannot_have_is_asked_of_the_request():
    held = allow("kms:TagResource", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
    given = scenario("kms:TagResource", "arn:aws:kms:eu-west-1:111122223333:key/*", identity=[doc(held)], context={"aws:RequestTag/team": "a"},
                     resource=doc(allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:root"})))  # fmt: skip
    fix = next(f for f in fixes(given) if f["changes"][0]["kind"] == "policy")
    new = [s for s in only(fix)["after"]["Statement"] if s != held]
    wanted = {"StringEquals": {"aws:RequestTag/team": "a"}, "StringEqualsIfExists": {"aws:ResourceTag/team": "a"}}
    assert [s["Condition"] for s in new] == [wanted]


def test_a_token_is_let_in_with_its_own_subject_and_never_by_provider_alone():
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    context = {
        "token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main",
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    }
    trust = doc({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    given = scenario(
        "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/T", principal=provider, context=context, resource=trust
    )
    for fix in fixes(given):
        new = [s for s in only(fix)["after"]["Statement"] if s not in trust["Statement"]]
        assert [s["Condition"] for s in new] == [{"StringEquals": context}]


def test_a_time_that_ran_out_is_for_its_owner_to_extend():
    held = allow("s3:GetObject", OBJECT, Condition={"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}})
    fix = fixes(scenario(identity=[doc(held)]))[0]
    assert fix["applicability"] == "has_placeholders"
    assert "2026-01-01" in fix["title"]


def test_a_role_with_a_path_is_named_with_its_path():
    given = scenario(
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:444455556666:orders",
        account="444455556666",
        identity=[doc(allow("sqs:*"))],
        resources={"arn:aws:iam::111122223333:role/team/App": {"policy": None, "settings": {}}},
    )
    fix = fixes(given)[0]
    assert only(fix)["after"]["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::111122223333:role/team/App"}
    assert set(holds(fix).values()) == {True}


def test_a_request_on_nobody_knows_what_gets_no_star():
    given = scenario("s3:PutObject", "*", identity=[doc(allow("sqs:*"))])
    given["request"]["unknown_keys"] = ["resource"]
    for fix in fixes(given):
        for change in fix["changes"]:
            if change["kind"] == "policy":
                assert fix["applicability"] == "has_placeholders"
                assert '"Resource": "*"' not in json.dumps(change["after"]["Statement"][-1])


def test_the_role_of_a_session_is_the_target_and_a_second_policy_where_the_first_is_full():
    full = doc(*[allow("s3:GetObject", f"arn:aws:s3:::bucket-{i:04}/*") for i in range(75)])
    change = only(fixes(scenario(identity=[full]))[0])
    assert (change["target"], change["policy"], change["before"]) == (HOLDER, "undeny-s3-GetObject", None)


def test_a_narrow_statement_names_the_caller_alone_of_those_whom_the_old_one_names():
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    held = {
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    fix = fixes(scenario("kms:GenerateDataKey", key, principal="events.amazonaws.com", resource=doc(held)))[0]
    new = [s for s in only(fix)["after"]["Statement"] if s != held]
    assert [(s["Principal"], s["Action"]) for s in new] == [({"Service": "events.amazonaws.com"}, "kms:GenerateDataKey")]


def test_a_pass_role_statement_without_a_service_is_not_stretched():
    given = scenario(
        "iam:PassRole",
        "arn:aws:iam::111122223333:role/other-task",
        identity=[doc(allow("iam:PassRole", "arn:aws:iam::*:role/app-*"))],
        context={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
    )
    new = only(fixes(given)[0])["after"]["Statement"][-1]
    assert new["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ("scp", "with an explicit deny in a service control policy"),
        ("boundary", "because no permissions boundary allows the sqs:SendMessage action"),
    ],
)
def test_a_guard_that_aws_names_and_nobody_read_is_proposed_to_and_not_proved(layer, told):
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    given = scenario("sqs:SendMessage", queue, identity=[doc(allow("sqs:*"))], **{layer: "unknown"})
    given["text"] = f"User: {ROLE} is not authorized to perform: sqs:SendMessage on resource: {queue} {told}"
    fix = fixes(given)[0]
    assert fix["applicability"] == "has_placeholders"
    assert set(holds(fix).values()) == {None}
    assert all(c.get("layer") != "identity" for c in fix["changes"])


def test_a_thing_that_is_tagged_as_anothers_is_not_tagged_anew_to_get_past_a_guard():
    held = allow("ec2:StopInstances", Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})
    instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0"
    tagged = fixes(scenario("ec2:StopInstances", instance, identity=[doc(held)], context={"aws:ResourceTag/team": "red"}))
    assert [f for f in tagged if f["changes"][0]["kind"] == "call"] == []
    untagged = fixes(scenario("ec2:StopInstances", instance, identity=[doc(held)]))
    assert only(untagged[0], "call")["context"] == {"aws:ResourceTag/team": "blue"}
    assert untagged[0]["applicability"] == "maybe_incorrect"


def test_a_token_of_another_provider_is_let_in_for_its_own_subject_alone():
    old, new = (f"oidc.eks.eu-west-1.amazonaws.com/id/{name}" for name in ("OLD", "NEW"))
    held = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{old}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{old}:sub": "system:serviceaccount:shop:orders"}},
    }
    context = {f"{new}:sub": "system:serviceaccount:shop:orders", f"{new}:aud": "sts.amazonaws.com"}
    given = scenario("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/T", resource=doc(held), context=context,
                     principal=f"arn:aws:iam::111122223333:oidc-provider/{new}")  # fmt: skip
    for fix in fixes(given):
        for statement in only(fix)["after"]["Statement"]:
            assert any(key.endswith(":sub") for block in statement["Condition"].values() for key in block)


def test_the_root_user_is_let_in_without_its_account():
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    root = "arn:aws:iam::111122223333:root"
    held = doc(allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:role/Admin"}))
    fix = fixes(scenario("kms:DescribeKey", key, principal=root, resource=held))[0]
    assert only(fix)["after"]["Statement"][-1]["Condition"] == {"ArnEquals": {"aws:PrincipalArn": root}}
    assert holds(fix)["suffices"] is True


def test_no_resource_policy_gets_a_user_past_a_boundary():
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    held = doc(allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:role/Admin"}))
    given = scenario(
        "kms:Decrypt",
        key,
        principal="arn:aws:iam::111122223333:user/ana",
        identity=[doc(allow("kms:*"))],
        boundary=[{"name": "b", "policy": doc(allow("s3:*"))}],
        resource=held,
    )
    (fix,) = fixes(given)
    assert [c["layer"] for c in fix["changes"]] == ["resource", "boundary"]
    assert fix["applicability"] == "maybe_incorrect"
    assert holds(fix)["needed"] is True, "without the boundary's allow the call is still denied"
