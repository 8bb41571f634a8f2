"""The call beside its refusal: a line of code in a trace, a command, the CLI's own line on what failed."""

import pytest

from undeny import calls, denial

REFUSED = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"


def told(text):
    (found,) = denial.parse(text)
    return found


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        (
            '  File "/app/main.py", line 12, in <module>\n    s3.put_object(Bucket="logs", Key="a.json", Body=data, ServerSideEncryption="AES256")\n'
            "botocore.exceptions.ClientError: " + REFUSED.format("PutObject"),
            {"Bucket": "logs", "Key": "a.json", "ServerSideEncryption": "AES256"},
        ),
        (
            'client.get_object(\n    Bucket="data",\n    Key="x (1).txt",\n    **more\n)\n' + REFUSED.format("GetObject"),
            {"Bucket": "data", "Key": "x (1).txt"},
        ),
        (
            ('const out = await client.send(new GetObjectCommand({ Bucket: "data", Key: "x.txt" }));\nAccessDenied: Access Denied\n'
            "    at throwDefaultError (/app/node_modules/@smithy/smithy-client/dist-cjs/index.js:388:20)"),
            {"Bucket": "data", "Key": "x.txt"},
        ),
        (
            "$ aws s3api get-object --bucket data --key a/b.txt out.txt --region eu-west-1\n\n" + REFUSED.format("GetObject"),
            {"Bucket": "data", "Key": "a/b.txt"},
        ),
        (
            ("$ aws --profile dev dynamodb get-item \\\n    --table-name Orders --key file://k.json\n"
            "An error occurred (AccessDeniedException) when calling the GetItem operation: no"),
            {"TableName": "Orders"},
        ),
        ("$ aws s3 cp ./report.csv s3://reports/2026/\n" + REFUSED.format("PutObject"), {"Bucket": "reports", "Key": "2026/report.csv"}),
        ("fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\n$ aws s3 cp s3://data/x.txt .",
         {"Bucket": "data", "Key": "x.txt"}),
        ("upload failed: ./x.csv to s3://b/k/x.csv " + REFUSED.format("PutObject"), {"Bucket": "b", "Key": "k/x.csv"}),
        ("aws s3 ls s3://data/in/\n" + REFUSED.format("ListObjectsV2"), {"Bucket": "data", "Prefix": "in/"}),
    ],
)  # fmt: skip
def test_the_call_gives_its_parameters(text, parameters):
    assert told(text).parameters == parameters


def test_each_refusal_of_a_log_has_the_call_before_it():
    lines = [f"upload failed: ./{name} to s3://b/{name} {REFUSED.format('PutObject')}" for name in ("x", "y")]
    assert [one.parameters["Key"] for one in denial.parse("\n".join(lines))][:1] == ["x"]


@pytest.mark.parametrize(
    "text",
    [
        "s3.get_object(Bucket=name, Key=key)\n" + REFUSED.format("GetObject"),
        "s3.get_object(Bucket='b'\n" + REFUSED.format("GetObject"),
        "client.put_object(Bucket='b', Key='k')\n" + REFUSED.format("GetObject"),
        "aws s3api get-object --bucket 'b\n" + REFUSED.format("GetObject"),
        REFUSED.format("GetObject") + "\ns3.get_object(Bucket='b', Key='k1')\ns3.get_object(Bucket='b', Key='k2')",
    ],
)
def test_what_is_not_whole_not_literal_or_not_the_call_gives_nothing(text):
    assert told(text).parameters is None


def test_a_line_of_code_says_what_is_there_and_not_what_is_absent():
    text = 's3.put_object(Bucket="logs", Key="a.json", **extra)\n' + REFUSED.format("PutObject")
    (made,) = calls.requests_of(told(text))
    assert made.resource == "arn:aws:s3:::logs/a.json"
    assert "s3:x-amz-server-side-encryption" in made.unknown_keys


def test_a_copy_is_a_write_there_and_a_read_here():
    text = 's3.copy_object(Bucket="dst", Key="k", CopySource={"Bucket": "src", "Key": "k0"})\n' + REFUSED.format("CopyObject")
    found = [(one.action, one.resource) for one in calls.requests_of(told(text))]
    assert found == [("s3:PutObject", "arn:aws:s3:::dst/k"), ("s3:GetObject", "arn:aws:s3:::src/k0")]
