"""What a message says does not depend on the client that prints it, nor on what logs, terminals and pages do to it."""

import json
import re
from pathlib import Path

import pytest

from generators.envelopes import CLIENTS, WAYS, client_text
from undeny.denial import parse

WHO = "arn:aws:sts::111122223333:assumed-role/App/i-0abc"
SENTENCES = {
    "old": f"User: {WHO} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k",
    "without a resource": f"User: {WHO} is not authorized to perform: route53:ListHostedZones",
    "identity": f"User: {WHO} is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no identity-based policy allows the sqs:sendmessage action",
    "quoted resource": f'User: {WHO} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/a/k.txt" with an explicit deny in a resource-based policy',
    "policy named": f"User: {WHO} is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* with an explicit deny in a service control policy: arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-examplepolicyid111",
    "encoded": f"You are not authorized to perform this operation. User: {WHO} is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:111122223333:vpc/* because no permissions boundary allows the ec2:CreateVpc action. Encoded authorization failure message: AbCdEf0123456789-_AbCdEf0123456789",
    "masked": "User: arn:aws:iam::***:user/dev is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:eu-west-1:***:table/orders because no VPC endpoint policy allows the dynamodb:Query action",
    "government": "User: arn:aws-us-gov:iam::111122223333:root is not authorized to perform: kms:Decrypt on resource: arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no resource-based policy allows the kms:Decrypt action",
    "named resource": f"User: {WHO} is not authorized to perform: iam:PassRole on resource: role app-role with an explicit deny",
}  # fmt: skip
DATA = Path(__file__).parents[1] / "data"
REAL = [json.loads(line) for name in ("messages", "heldout_messages") for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
FACTS = ("principal", "action", "resource", "kind", "policy_type", "policy_arn", "encoded_message")


def facts(denial):
    return {name: getattr(denial, name) for name in FACTS}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", CLIENTS)
def test_a_sentence_says_the_same_from_every_client_and_on_every_way(form, way):
    for name, sentence in SENTENCES.items():
        (plain,) = parse(sentence)
        text, code, request_id = client_text(form, sentence)
        found = parse(WAYS[way](text))
        assert len(found) == 1, (name, [facts(one) for one in found])
        assert facts(found[0]) == facts(plain), name
        assert (found[0].error_code, found[0].request_id) == (code, request_id), name


@pytest.mark.parametrize("hidden", ["***", "XXXXXXXXXXXX", "<acct>", "${ACCOUNT}", "{account-id}", "********3333", "[REDACTED]", "<<account number>>"])  # fmt: skip
@pytest.mark.parametrize("name", SENTENCES)
def test_a_hidden_account_is_kept_as_it_stands_and_hides_nothing_else(name, hidden):
    (plain,) = parse(SENTENCES[name])
    (found,) = parse(SENTENCES[name].replace("111122223333", hidden))
    expected = {key: value and value.replace("111122223333", hidden) for key, value in facts(plain).items()}
    assert facts(found) == expected


def test_white_space_between_any_two_words_may_be_a_line_break():
    for sentence in SENTENCES.values():
        (plain,) = parse(sentence)
        for blank in re.finditer(" ", sentence):
            (found,) = parse(f"{sentence[: blank.start()]}\n{sentence[blank.end() :]}")
            assert facts(found) == facts(plain), sentence[: blank.start()]


@pytest.mark.parametrize("width", [40, 60, 72, 80])
def test_a_terminal_may_break_any_word_of_the_sentence(width):
    """Hard breaks every so many characters; where one falls into an ARN that could end there, it is not known that it goes on."""
    for name in ("old", "identity", "encoded"):
        sentence = SENTENCES[name]
        (plain,) = parse(sentence)
        found = parse("\n".join(sentence[at : at + width] for at in range(0, len(sentence), width)))
        assert found, name
        assert found[0].principal == plain.principal, name
        assert found[0].action == plain.action, name


@pytest.mark.parametrize("way", [way for way in WAYS if way != "as it is"])
def test_real_texts_say_the_same_on_every_way(way):
    """Nearly: a name with blanks cannot be folded, and a table's columns are lost in a string."""
    lost = []
    for row in REAL:
        plain = [stated(denial) for denial in parse(row["text"])]
        found = [stated(denial) for denial in parse(WAYS[way](row["text"]))]
        lost += [row["id"] for one in plain[:1] if not any(one.items() <= other.items() for other in found)]
    assert len(lost) <= len(REAL) // 50, lost


def stated(denial):
    """Give what a denial says, without what it does not."""
    return {name: value for name, value in {**facts(denial), "code": denial.error_code, "id": denial.request_id}.items() if value}
