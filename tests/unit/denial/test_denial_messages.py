"""A hundred real messages, read field by field."""

import json
from pathlib import Path

import pytest

from undeny.denial import parse

ROWS = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "messages.jsonl").read_text("utf-8").splitlines()]
FIELD = {"cause": "kind", "encoded": "encoded_message"}
WITHOUT_CASE = {"action", "principal", "resource", "error_code"}


def misses(row):
    found = parse(row["text"])
    wanted = {FIELD.get(key, key): value for key, value in row["expected"].items() if value is not None}
    wrong = [{key: value for key, value in wanted.items() if not same(key, value, getattr(denial, key))} for denial in found]
    return min(wrong, key=len, default={"denials": "none"})


def same(key, want, got):
    if key in WITHOUT_CASE:
        return got is not None and got.lower() == want.lower()
    return got == want


def test_at_least_95_of_100_real_messages_are_read_rightly():
    wrong = {row["id"]: misses(row) for row in ROWS if misses(row)}
    assert len(ROWS) == 100
    assert len(wrong) <= 5, wrong


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_message_says_nothing_that_it_does_not_say(row):
    """`null` in a row: the text does not say it. The event's own fields, and what follows from a name, are told elsewhere."""
    if row["text"].lstrip().startswith('{"event'):
        pytest.skip("events name caller and resource in fields of their own")
    for key in ("principal", "policy_type", "policy_arn", "cause", "encoded"):
        if row["expected"][key] is None:
            assert all(getattr(denial, FIELD.get(key, key)) is None for denial in parse(row["text"])), key


def test_white_space_in_the_middle_of_a_phrase_does_not_matter():
    row = next(row for row in ROWS if row["expected"]["policy_arn"] and row["text"].startswith("User:"))
    plain, wrapped = parse(row["text"])[0], parse(row["text"].replace(" ", "\n   ").replace("\n   ", " ", 1))[0]
    assert wrapped.message == plain.message
    assert (wrapped.principal, wrapped.action, wrapped.resource, wrapped.policy_arn) == (
        plain.principal, plain.action, plain.resource, plain.policy_arn,
    )  # fmt: skip


@pytest.mark.parametrize("hidden", ["***", "XXXXXXXXXXXX", "<acct>", "${ACCOUNT_ONE}", "{account-id}", "********9489", "<your account>"])
def test_a_redacted_account_is_kept_as_it_stands(hidden):
    arn = f"arn:aws:iam::{hidden}:role/App"
    (denial,) = parse(
        f"User: {arn} is not authorized to perform: iam:PassRole on resource: {arn}/x because no identity-based policy allows it"
    )
    assert denial.principal == arn
    assert denial.resource == f"{arn}/x"
    assert denial.account is None
    assert denial.policy_type == "identity_based"


@pytest.mark.parametrize("quote", ['"', "'", "`", '\\"', '\\\\\\"', "&quot;", "\u201d"])
def test_quotes_around_an_arn_are_no_part_of_it(quote):
    text = f"User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: {quote}arn:aws:s3:::b/k{quote} with an explicit deny in a session policy"
    (denial,) = parse(text)
    assert denial.resource == "arn:aws:s3:::b/k"
    assert (denial.kind, denial.policy_type) == ("explicit", "session")


@pytest.mark.parametrize(
    ("words", "kind", "policy_type"),
    [
        ("because no identity-based policy allows the s3:X action", "implicit", "identity_based"),
        ("because no resource-based policy allows the s3:X action", "implicit", "resource_based"),
        ("because no permissions boundary allows the s3:X action", "implicit", "permissions_boundary"),
        ("because no session policy allows the s3:X action", "implicit", "session"),
        ("because no service control policy allows the s3:X action", "implicit", "service_control"),
        ("because no resource control policy allows the s3:X action", "implicit", "resource_control"),
        ("because no VPC endpoint policy allows the s3:X action", "implicit", "vpc_endpoint"),
        ("because no role trust policy allows the s3:X action", "implicit", "role_trust"),
        ("with an explicit deny in an identity-based policy", "explicit", "identity_based"),
        ("with an explicit deny in a resource-based policy", "explicit", "resource_based"),
        ("with an explicit deny in a permissions boundary", "explicit", "permissions_boundary"),
        ("with an explicit deny in a sessions policy", "explicit", "session"),
        ("with an explicit deny in a service control policy", "explicit", "service_control"),
        ("with an explicit deny in a resource control policy", "explicit", "resource_control"),
        ("with an explicit deny in a VPC endpoint policy", "explicit", "vpc_endpoint"),
        ("with an explicit deny in the role trust policy", "explicit", "role_trust"),
        ("with an explicit deny", "explicit", None),
        ("because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access", None, "block_public_access"),
        ("because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access", None, "block_public_access"),
        ("", None, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "resource", ["", " on resource: arn:aws:s3:::b/k", ' on resource: "arn:aws:s3:::b/k"', " on resource: policy NAME"]
)
@pytest.mark.parametrize(
    "end",
    [
        "",
        ".",
        ". Encoded authorization failure message: AbCdEfGh",
        "\n\tstatus code: 403, request id: R1",
        " (Service: X; Status Code: 403; Error Code: AccessDenied; Request ID: R1)",
    ],
)
def test_every_reason_is_read_with_every_resource_and_every_end(words, kind, policy_type, resource, end):
    (denial,) = parse(
        f"AccessDenied: User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:X{resource} {words}".rstrip() + end
    )
    assert (denial.kind, denial.policy_type) == (kind, policy_type)
    assert denial.principal == "arn:aws:iam::111122223333:user/a"
    assert denial.action == "s3:X"
    assert denial.resource == (resource.removeprefix(" on resource: ").strip('"') or None)
    assert denial.encoded_message == ("AbCdEfGh" if "Encoded" in end else None)
    assert denial.request_id == ("R1" if "R1" in end else None)
    assert denial.error_code == "AccessDenied"


@pytest.mark.parametrize("kind", ["service_control_policy", "resource_control_policy"])
@pytest.mark.parametrize("end", ["", ".", ". Encoded authorization failure message: AbCdEfGh", '"}'])
def test_the_arn_of_the_denying_policy_ends_before_the_stop(kind, end):
    arn = f"arn:aws:organizations::444455556666:policy/o-exampleorgid/{kind}/p-examplepolicyid111"
    (denial,) = parse(
        f"User: arn:aws:iam::111122223333:user/a is not authorized to perform: ec2:RunInstances with an explicit deny in a {kind.replace('_', ' ')}: {arn}{end}"
    )
    assert denial.policy_arn == arn
    assert denial.policy_type == kind.removesuffix("_policy")


@pytest.mark.parametrize(
    ("words", "kind", "policy_type"),
    [
        ("as it is explicitly denied by a service control policy", "explicit", "service_control"),
        ("because of an explicit deny in a permissions boundary", "explicit", "permissions_boundary"),
        ("due to an explicit deny in a VPC endpoint policy", "explicit", "vpc_endpoint"),
        ("with explicit deny in a resource control policy", "explicit", "resource_control"),
        ("with an explicit deny in an organization's service control policy", "explicit", "service_control"),
        ("because no service control policy (SCP) allows the action", "implicit", "service_control"),
        ("because no IAM identity-based policy allows the action", "implicit", "identity_based"),
        ("because there is no session policy that allows the action", "implicit", "session"),
        ("today. Tomorrow an explicit deny in a session policy may stand there", None, None),
    ],
)
def test_a_reason_in_other_words_than_awss_is_read_within_its_sentence(words, kind, policy_type):
    (denial,) = parse(f"User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:X on resource: arn:aws:s3:::b/k {words}")
    assert (denial.kind, denial.policy_type, denial.resource) == (kind, policy_type, "arn:aws:s3:::b/k")
