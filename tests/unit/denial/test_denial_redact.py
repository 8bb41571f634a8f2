"""No account and no name of the input survives `--redact`, in any format; the same name gets the same stand-in; nothing else changes."""

import json
import re

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undeny import pipeline
from undeny.denial.redact import redact, redactor
from undeny.emit import iac
from undeny.emit.report import markdown
from undeny.iam import wildcard

ACCOUNT = "210987654321"
PARTS = st.lists(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzQXZ0123456789", min_size=3, max_size=9).filter(lambda t: re.search("[a-z]", t)),
    min_size=2,
    max_size=3,
)
NAMES = PARTS.map("-".join)


def scenario(names, account=ACCOUNT):
    role, session, bucket, key, policy, sid = names
    principal = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
    resource = f"arn:aws:s3:::{bucket}/{key}"
    said = (
        f"An error occurred (AccessDenied) when calling the GetObject operation: User: {principal} is not authorized to perform: "
        f's3:GetObject on resource: "{resource}" because no identity-based policy allows the s3:GetObject action'
    )
    statement = {"Sid": sid, "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}"}
    return {
        "id": "x",
        "text": said,
        "request": {"principal": principal, "action": "s3:GetObject", "resource": resource, "resource_account": account},
        "policies": {
            "identity": [{"name": policy, "policy": {"Version": "2012-10-17", "Statement": [statement]}}],
            "boundary": None,
            "session": None,
            "resource": None,
            "endpoint": None,
            "scp": [],
            "rcp": [],
        },
    }


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NAMES, min_size=6, max_size=6, unique=True), st.integers(10**11, 10**12 - 1).map(str))
def test_no_account_and_no_name_of_the_input_survives_in_any_format(names, account):
    walked = redact(pipeline.walk(scenario(names, account)))
    pages = [json.dumps(pipeline.to_builtins(walked.explanation)), markdown.markdown(walked)]
    pages += [iac.render(name, fix, pipeline.scenario_of(walked)) for fix in walked.fixes for name in iac.names()]
    for page in pages:
        for hidden in (account, *names):
            assert hidden not in page


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(NAMES, st.lists(NAMES, max_size=3))
def test_a_stand_in_is_as_long_as_what_it_stands_for_and_the_same_everywhere(name, others):
    arns = [f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{one}" for one in (name, *others)]
    shown = redact({"resource": arns, "text": f"queue {name} of {ACCOUNT}, `{name}`"})
    stand_in = shown["resource"][0].rpartition(":")[2]
    assert len(shown["resource"][0]) == len(arns[0])
    assert shown["text"] == f"queue {stand_in} of 111122223333, `{stand_in}`"
    assert len(set(shown["resource"])) == len(set(arns))


def test_a_pattern_still_covers_what_it_covered():
    shown = redact({"Resource": ["arn:aws:s3:::payroll-*", "arn:aws:s3:::payroll-eu/2026/x.csv"]})["Resource"]
    assert wildcard.arn_matches(shown[0], shown[1])
    assert "payroll" not in str(shown)


def test_the_accounts_of_examples_are_replaced_too_where_they_are_the_input():
    shown = redact("arn:aws:iam::111122223333:role/Payroll and 444455556666")
    assert not re.search("111122223333|444455556666|Payroll", shown)


def test_what_is_of_aws_and_the_words_of_undeny_stay():
    walked = pipeline.walk(scenario(["payroll-reader", "alice@corp.example", "salaries-prod", "nov.csv", "ReadSalaries", "ReadThem"]))
    shown = redact(walked).explanation
    assert (shown.bucket, shown.cause.code, shown.cause.certainty) == ("permission", walked.explanation.cause.code, "proven")
    assert "because no identity-based policy allows the s3:GetObject action" in shown.denial.message
    kept = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "lambda.amazonaws.com", "kms:*", "2012-10-17", "arn:aws:s3:::*"]
    assert redact(kept) == kept


def test_a_name_cut_short_does_not_survive_either():
    key = "1234abcd-12ab-34cd-56ef-1234567890ab"
    shown = redact({"arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{key}", "title": "allow kms:Decrypt on key 1234abcd…"})
    assert "1234abcd" not in shown["title"]
    assert shown["title"].removeprefix("allow kms:Decrypt on key ").rstrip("…") == shown["arn"].partition("key/")[2][:8]


def test_a_name_that_is_a_word_of_undeny_is_replaced_where_it_stands_as_a_name_and_the_word_stays():
    shown = redact({"principal": f"arn:aws:iam::{ACCOUNT}:role/Policy", "summary": "the identity policy allows it"})
    assert not shown["principal"].endswith("/Policy")
    assert shown["summary"] == "the identity policy allows it"


def test_a_bucket_called_like_a_service_leaves_the_actions_of_that_service_alone():
    shown = redact({"resource": "arn:aws:s3:::logs", "summary": "logs:PutLogEvents and logs:* on logs"})
    assert shown["summary"] == f"logs:PutLogEvents and logs:* on {shown['resource'].rpartition(':')[2]}"


def test_names_outside_arns_are_found():
    told = (
        "GET https://salaries-prod.s3.eu-west-1.amazonaws.com/ s3://wages-eu/nov.csv https://sqs.eu-west-1.amazonaws.com/210987654321/paydays "
        '{"roleName": "payroll-writer", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"} role voclabs-77 in vpce-0abc12def34567890 of o-a1b2c3d4e5'
    )
    shown = redact(told)
    for hidden in ("salaries", "wages", "nov.csv", "paydays", "payroll", "voclabs", "AKIAIOSFODNN7", "0abc12def", "a1b2c3d4e5", ACCOUNT):
        assert hidden not in shown
    assert "s3.eu-west-1.amazonaws.com" in shown


def test_request_ids_stay_unless_asked_and_authorization_ids_never_do():
    told = {"request_id": "7F2KQ0XWJ8", "authorization_id": "az-1", "encoded_message": "abc"}
    assert redact(told) == {"request_id": "7F2KQ0XWJ8", "authorization_id": "***", "encoded_message": "***"}
    assert redact(told, request_ids=True)["request_id"] == "***"


def test_one_redactor_serves_several_values():
    first, second = {"principal": f"arn:aws:iam::{ACCOUNT}:role/Payroll"}, "role Payroll"
    shown = redactor(first, second)
    assert shown(second) == "role " + shown(first)["principal"].rpartition("/")[2]


def test_structs_keep_their_types():
    denial = pipeline.denial.parse(scenario(["a-bc", "s-de", "b-fg", "k-hi", "p-jk", "s-lm"])["text"])[0]
    assert msgspec.structs.replace(redact(denial), text=None).action == "s3:GetObject"


def test_a_kind_of_cause_is_no_bucket_and_a_masked_request_id_is_masked_in_sentences_too():
    shown = redact(
        {"bucket": "permission", "request_id": "ABCD1234", "why": "AWS answered (request id ABCD1234): permission"}, request_ids=True
    )
    assert shown == {"bucket": "permission", "request_id": "***", "why": "AWS answered (request id ***): permission"}
