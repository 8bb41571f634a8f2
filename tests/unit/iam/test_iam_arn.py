import pytest

from undeny.iam.arn import Arn


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:s3:::bucket/key:with:colons",
        "arn:aws-us-gov:iam::111122223333:role/team/App",
        "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets",
        "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*",
    ],
)
def test_an_arn_is_written_back_as_it_was_read(text: str):
    assert str(Arn.parse(text)) == text


@pytest.mark.parametrize("text", ["*", "", "arn:aws:s3", "s3:GetObject", "urn:aws:s3:::bucket", "arn:aws:sns:*:topic"])
def test_what_has_not_six_parts_is_no_arn(text: str):
    assert Arn.parse(text) is None


def test_the_resource_part_is_split_at_its_first_slash_or_colon():
    group = Arn.parse("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*")
    role = Arn.parse("arn:aws:iam::111122223333:role/team/App")
    bucket = Arn.parse("arn:aws:s3:::bucket/folder/key")
    assert group is not None
    assert role is not None
    assert bucket is not None
    assert (group.resource_type, group.resource_id) == ("log-group", "/aws/lambda/f:*")
    assert (role.resource_type, role.resource_id, role.name) == ("role", "team/App", "App")
    assert bucket.bucket == "bucket"
