"""An encoded message is decoded where AWS may be asked, and named where not."""

import json

import pytest

from undeny import pipeline
from undeny.lab import Lab
from undeny.lab.organization import trust


@pytest.fixture(scope="module")
def told():
    with Lab() as lab:
        account = lab.account["app"]
        role = (
            lab.maker(account).client("iam").create_role(RoleName="Ops", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
        )
        with pytest.raises(Exception, match="UnauthorizedOperation") as caught:
            lab.session(role).client("ec2").run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, InstanceType="t3.micro")
        yield str(caught.value), lab.admin(account)


def test_an_encoded_message_fills_what_the_text_leaves_out(told):
    text, admin = told
    bare = text.split(" User: ")[0] + " Encoded" + text.split("Encoded")[1]
    assert "ec2:RunInstances" not in bare.split("Encoded")[0]
    found = pipeline.explain(bare, (admin,))
    assert found.denial.recorded
    assert found.denial.action == "ec2:RunInstances"
    assert found.cause.certainty == "proven"
    assert not any("encoded" in missing.what for missing in found.missing_evidence)


def test_without_aws_the_command_that_decodes_it_is_named(told):
    found = pipeline.explain(told[0])
    assert not found.denial.recorded
    assert any("decode-authorization-message" in missing.how for missing in found.missing_evidence)
    assert json.loads(json.dumps(pipeline.to_builtins(found)))["denial"]["encoded_message"]
