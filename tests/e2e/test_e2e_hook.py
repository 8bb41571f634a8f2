"""After `undeny.install()` a refused call's own error says why."""

import boto3
import pytest
from botocore.exceptions import ClientError

import undeny
from undeny.lab import Lab, worlds


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        yield running


@pytest.fixture
def session(lab):
    story = next(iter(worlds.load_all())).seed(lab)
    made = lab.credentials(story.principal)
    opened = boto3.session.Session(made.access_key, made.secret_key, made.token, story.region)
    undeny.install(opened)
    return opened, story.resource.rpartition(":")[2].partition("/")


def test_a_denied_call_carries_its_explanation(lab, session):
    opened, (bucket, _, key) = session
    with pytest.raises(ClientError) as caught:
        opened.client("s3", endpoint_url=lab.endpoint_url).get_object(Bucket=bucket, Key=key)
    assert "undeny: denied[identity-missing-allow]: " in str(caught.value)
    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_an_error_that_is_no_refusal_is_left_as_it_is(lab):
    made = lab.credentials(lab.admin_arn(lab.account["app"]))
    opened = boto3.session.Session(made.access_key, made.secret_key, made.token, "eu-west-1")
    undeny.install(opened)
    client = opened.client("sqs", endpoint_url=lab.endpoint_url)
    with pytest.raises(ClientError) as caught:
        client.get_queue_url(QueueName="there-is-none")
    assert "undeny" not in str(caught.value)


def test_a_call_that_succeeds_is_untouched(lab, session):
    opened, (bucket, _, _) = session
    assert opened.client("s3", endpoint_url=lab.endpoint_url).list_objects_v2(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
