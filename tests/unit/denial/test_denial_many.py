"""Several denials in one text, and how a denial is told apart from its surroundings."""

import subprocess
import sys
import time

import pytest

from undeny.denial import parse

SENTENCE = "User: arn:aws:iam::111122223333:user/{} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k"


def test_denials_are_given_in_order_each_with_its_line():
    text = f"start\nERROR {SENTENCE.format('one')}\nfine\nERROR {SENTENCE.format('two')}\n\nERROR {SENTENCE.format('one')}\n"
    found = parse(text)
    assert [(denial.principal.rpartition("/")[2], denial.line) for denial in found] == [("one", 2), ("two", 4)]


def test_each_request_id_belongs_to_its_own_error():
    text = "\n".join(f"2026/11/24 18:04:1{n} AccessDenied: Access Denied {n}\n\tstatus code: 403, request id: R{n}" for n in range(3))
    assert [(denial.message, denial.request_id) for denial in parse(text)] == [(f"Access Denied {n}", f"R{n}") for n in range(3)]


def test_two_envelopes_in_one_line_are_two_denials():
    text = (
        "An error occurred (AccessDenied) when calling the ListObjects operation: Access Denied; fatal error: "
        "An error occurred (403) when calling the HeadObject operation: Forbidden"
    )
    assert [(denial.error_code, denial.operation, denial.message) for denial in parse(text)] == [
        ("AccessDenied", "ListObjects", "Access Denied"),
        ("403", "HeadObject", "Forbidden"),
    ]


def test_a_traceback_that_repeats_its_error_is_one_denial():
    line = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
    text = f'Traceback (most recent call last):\n  File "a.py", line 1, in f\nbotocore.exceptions.ClientError: {line}\n\nDuring handling of the above exception, another exception occurred:\n\nRuntimeError: {line}\n'
    (denial,) = parse(text)
    assert (denial.error_code, denial.operation, denial.message, denial.line) == ("AccessDenied", "GetObject", "Access Denied", 3)


def test_terraforms_frame_is_no_part_of_the_message():
    text = (
        "\u2577\n\u2502 Error: creating IAM Role (app): operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: 1-2, api error AccessDenied: "
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform:\n\u2502 iam:CreateRole on resource: arn:aws:iam::111122223333:role/app because no "
        'identity-based policy allows the iam:CreateRole action\n\u2502 \n\u2502   with aws_iam_role.app,\n\u2502   on main.tf line 3, in resource "aws_iam_role" "app":\n\u2502    3: resource "aws_iam_role" "app" {\n\u2502 \n\u2575\n'
    )
    (denial,) = parse(text)
    assert denial.message.endswith("because no identity-based policy allows the iam:CreateRole action")
    assert (denial.service, denial.operation, denial.http_status, denial.request_id, denial.line) == ("IAM", "CreateRole", 403, "1-2", 2)


def test_json_inside_json_is_read_to_its_end():
    text = '{"body":"{\\"message\\":\\"User: anonymous is not authorized to perform: es:ESHttpPost on resource: \\\\\\"arn:aws:es:eu-west-1:111122223333:domain/d\\\\\\" because no resource-based policy allows the es:ESHttpPost action\\"}","statusCode":403}'
    (denial,) = parse(text)
    assert (denial.resource, denial.policy_type, denial.http_status) == (
        "arn:aws:es:eu-west-1:111122223333:domain/d",
        "resource_based",
        403,
    )


def test_a_text_without_a_failure_gives_nothing():
    for text in ("", "   \n", "INFO all good, 200 OK in 12 ms", '{"level":"info","message":"started"}', "[]", "{}", "hello"):
        assert parse(text) == ()


def test_prose_about_a_refusal_gives_one_denial_with_what_it_says():
    (denial,) = parse("worker deploy: UnauthorizedOperation on ec2:RunInstances in eu-west-1")
    assert (denial.error_code, denial.action, denial.region) == ("UnauthorizedOperation", "ec2:RunInstances", "eu-west-1")


def test_an_unknown_error_of_aws_is_still_a_denial():
    (denial,) = parse("An error occurred (SomethingNewException) when calling the DoThings operation: The moon is in the wrong house")
    assert (denial.error_code, denial.operation, denial.message, denial.form) == (
        "SomethingNewException",
        "DoThings",
        "The moon is in the wrong house",
        None,
    )


def test_the_console_pointer_gives_the_authorization_id():
    text = (
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:ListAllMyBuckets with an explicit deny in an identity-based policy: "
        "arn:aws:iam::111122223333:policy/No. Go to https://eu-west-1.console.aws.amazon.com/iam/home?region=eu-west-1#/authorization-details/0a-1b for complete "
        "details, or call the GetRequestAuthorizationDetails API with the following authorization id: 0a-1b"
    )
    (denial,) = parse(text)
    assert (denial.authorization_id, denial.region, denial.policy_arn) == ("0a-1b", "eu-west-1", "arn:aws:iam::111122223333:policy/No")


def test_a_debug_log_gives_ids_time_and_address():
    text = (
        "2026-11-24 18:04:11,001 - MainThread - botocore.endpoint - DEBUG - Making request for OperationModel(name=ListBuckets) with params: {}\n"
        '2026-11-24 18:04:11,200 - MainThread - urllib3.connectionpool - DEBUG - https://s3.eu-west-1.amazonaws.com:443 "GET / HTTP/1.1" 403 None\n'
        "2026-11-24 18:04:11,201 - MainThread - botocore.parsers - DEBUG - Response headers: {'x-amz-request-id': '7F2KQ0XWJ8EXAMPL', 'x-amz-id-2': 'abc/def+ghi=', "
        "'Date': 'Tue, 24 Nov 2026 18:04:11 GMT'}\n"
        "2026-11-24 18:04:11,202 - MainThread - botocore.parsers - DEBUG - Response body: b'<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'\n"
        "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied\n"
    )
    denial = parse(text)[0]
    assert (denial.request_id, denial.host_id, denial.http_status) == ("7F2KQ0XWJ8EXAMPL", "abc/def+ghi=", 403)
    assert denial.operation == "ListBuckets"
    assert denial.region == "eu-west-1"
    assert denial.event_time.isoformat() == "2026-11-24T18:04:11+00:00"
    assert len(parse(text)) == 1


def test_a_long_log_is_read_in_time_and_each_line_counted():
    filler = "2026-11-24T18:04:11 INFO worker handled request in 12 ms\n" * 40_000
    begin = time.perf_counter()
    found = parse(filler + f"2026-11-24T18:05:00 ERROR {SENTENCE.format('late')}\n" + filler)
    assert [(denial.line, denial.principal) for denial in found] == [(40_001, "arn:aws:iam::111122223333:user/late")]
    assert time.perf_counter() - begin < 20


def test_reading_one_message_imports_neither_boto3_nor_the_other_forms():
    code = (
        "import sys; from undeny.denial import parse; parse('AccessDenied: Access Denied'); "
        "print([name for name in sys.modules if name.startswith(('boto', 'moto', 'undeny.denial.forms.'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['undeny.denial.forms.access_denied']"


def test_importing_the_room_loads_next_to_nothing():
    code = (
        "import sys; import undeny.denial; print([name for name in sys.modules if name.startswith(('undeny', 'msgspec', 'boto', 'json'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['undeny', 'undeny.denial']"


def test_other_failures_than_awss_are_no_denial():
    for text in ("error TS2304: Cannot find name 'x'.", "INFO: retrying after error count 0", "403 rows processed", "KeyError: 'x'"):
        assert parse(text) == ()


def test_an_id_of_a_later_entry_is_not_taken():
    text = f'2026-11-24 18:04:11 ERROR AccessDenied: {SENTENCE.format("a")}\n2026-11-24 18:04:12 INFO requestId: "other-request"\n'
    assert [denial.request_id for denial in parse(text)] == [None]


def test_json_objects_of_one_kind_keep_their_own_ids():
    text = "\n".join(f'{{"requestId":"id-{n}","code":"AccessDenied","message":"Access Denied {n}"}}' for n in range(2))
    assert [(denial.request_id, denial.message) for denial in parse(text)] == [("id-0", "Access Denied 0"), ("id-1", "Access Denied 1")]


def test_a_sentence_inside_another_failure_is_what_is_read():
    (denial,) = parse(
        f"CannotPullContainerError: Error response from daemon: pull access denied, may require login: denied: {SENTENCE.format('a')}"
    )
    assert (denial.form, denial.action) == ("authorization", "s3:GetObject")


def test_a_margin_of_bars_is_no_part_of_the_sentence():
    text = (
        "  <edited>: FAILED\n    - | failed to decrypt sops data key with AWS KMS: operation\n      | error KMS: Decrypt, https response error StatusCode: 400,\n"
        "      | RequestID: <edited>, api error\n      | AccessDeniedException: The ciphertext refers to a customer\n"
        "      | master key that does not exist, does not exist in this\n      | region, or you are not allowed to access.\n"
    )
    (found,) = parse(text)
    assert (found.error_code, found.operation, found.service) == ("AccessDeniedException", "Decrypt", "KMS")


def test_an_empty_pair_of_brackets_is_a_redacted_part():
    text = (
        "User: arn:aws:sts::<>:assumed-role/api/x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:<>:key/<> "
        "because no identity-based policy allows the kms:Decrypt action"
    )
    (found,) = parse(text)
    assert (found.resource, found.policy_type) == ("arn:aws:kms:us-east-1:<>:key/<>", "identity_based")


@pytest.mark.parametrize(
    "text",
    [
        "UnknownEndpoint: Inaccessible host: `sqs.us-east-9.amazonaws.com' at port `undefined'.",
        "Hostname/IP does not match certificate's altnames: Host: my.bucket.s3.amazonaws.com",
        'Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases the account\'s below its minimum"',
    ],
)
def test_a_failure_in_a_wording_that_no_form_knows_is_one_denial(text):
    (denial,) = parse(text)
    assert denial.message == text
