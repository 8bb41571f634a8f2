"""Events in tables, in answers of queries, in documents of other makers, and S3's access log."""

import csv
import io
import json
import re

import pytest

from undeny.denial import parse, read_bytes

WHO = "arn:aws:sts::111122223333:assumed-role/App/s"
EVENT = {
    "eventVersion": "1.11",
    "userIdentity": {
        "type": "AssumedRole", "principalId": "AROAEXAMPLE:s", "arn": WHO, "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/App"}, "attributes": {"mfaAuthenticated": "false"}},
    },
    "eventTime": "2026-11-24T18:04:11Z",
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreateUser",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "203.0.113.9",
    "userAgent": "aws-cli/2.1",
    "errorCode": "AccessDenied",
    "errorMessage": f"User: {WHO} is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::111122223333:user/x because no identity-based policy allows the iam:CreateUser action",
    "requestParameters": None,
    "requestID": "5d0c8b80-58e8-11e6-8d5f-9b1b1f9b1e1d",
    "eventID": "e1",
}  # fmt: skip
TOLD = (
    "error_code",
    "principal",
    "action",
    "resource",
    "kind",
    "policy_type",
    "request_id",
    "event_id",
    "source_ip",
    "region",
    "session_issuer",
)


def told(denial):
    return {name: getattr(denial, name) for name in TOLD}


def athena(value):
    """Write a structure as Athena does in CSV."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key.lower()}={athena(item)}" for key, item in value.items()) + "}"
    return "null" if value is None else str(value)


def table(write, *, case, delimiter=",", rows=1):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([case(key) for key in EVENT])
    for _ in range(rows):
        writer.writerow(["" if value is None else write(value) if isinstance(value, dict) else value for value in EVENT.values()])
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        table(athena, case=str.lower),
        table(json.dumps, case=str),
        table(json.dumps, case=str, delimiter="\t"),
        "\ufeff" + table(athena, case=str.lower, rows=3),
        json.dumps({"status": "Complete", "results": [[{"field": "@timestamp", "value": "x"}, {"field": "@message", "value": json.dumps(EVENT)}]]}),
        json.dumps({"results": [[{"field": key, "value": json.dumps(value) if isinstance(value, dict) else value} for key, value in EVENT.items()]]}),
        json.dumps({"level": "info", "msg": json.dumps(EVENT)}),
        json.dumps({"hits": {"hits": [{"_index": "trail", "_source": EVENT}]}}),
        json.dumps({"result": {"_raw": json.dumps(EVENT)}}),
        json.dumps([EVENT, EVENT]),
        "\n".join(json.dumps({"message": json.dumps(EVENT)}) for _ in range(2)),
        f"CloudTrailEvent: '{json.dumps(EVENT)}'\nEventId: e1",
        "\t".join([json.dumps(EVENT)] * 2),
        json.dumps(EVENT).replace('"', "&quot;"),
    ],
    ids=["athena", "lake", "tabs", "bom", "insights", "insights fields", "message", "search", "raw", "list", "lines", "yaml", "text output", "html"],
)  # fmt: skip
def test_an_event_says_the_same_in_every_table_and_answer(text):
    (plain,) = parse(EVENT)
    for found in (parse(text), read_bytes(text.encode(), "it").denials):
        assert [told(denial) for denial in found] == [told(plain)]


def test_a_table_gives_each_refusal_with_its_line_and_passes_over_what_succeeded():
    text = "eventname,errorcode,eventsource\nGetObject,AccessDenied,s3.amazonaws.com\nPutObject,,s3.amazonaws.com\nQuery,AccessDeniedException,dynamodb.amazonaws.com\n"
    assert [(denial.line, denial.operation, denial.error_code) for denial in parse(text)] == [
        (2, "GetObject", "AccessDenied"),
        (4, "Query", "AccessDeniedException"),
    ]


def test_a_message_that_begins_with_words_of_a_table_is_no_table():
    (denial,) = parse("eventName, errorCode: AccessDenied: Access Denied")
    assert denial.error_code == "AccessDenied"


LOG = (
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be logs [06/Feb/2026:00:00:38 +0000] 192.0.2.3 {who} 3E57427F3EXAMPLE {call} {key} "
    '"GET /logs HTTP/1.1" {answer} 243 - 7 - "-" "aws-cli/2.1" - s9lzHYrFp76ZVxRcpX9= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader '
    "logs.s3.eu-west-1.amazonaws.com TLSV1.2 - -"
)


@pytest.mark.parametrize(
    ("who", "call", "key", "answer", "expected"),
    [
        (WHO, "REST.GET.OBJECT", "a/k.txt", "403 AccessDenied", (WHO, "GetObject", "arn:aws:s3:::logs/a/k.txt", "AccessDenied", 403)),
        ("-", "REST.PUT.OBJECT", "a%2520b", "403 AccessDenied", ("anonymous", "PutObject", "arn:aws:s3:::logs/a b", "AccessDenied", 403)),
        ("79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", "REST.GET.BUCKET", "-", "403 AllAccessDisabled", (None, "ListObjectsV2", "arn:aws:s3:::logs", "AllAccessDisabled", 403)),
        (WHO, "REST.GET.ANALYTICS", "-", "403 AccessDenied", (WHO, None, "arn:aws:s3:::logs", "AccessDenied", 403)),
    ],
)  # fmt: skip
def test_a_line_of_s3s_access_log_says_who_what_and_where(who, call, key, answer, expected):
    (denial,) = parse(LOG.format(who=who, call=call, key=key, answer=answer))
    assert (denial.principal, denial.operation, denial.resource, denial.error_code, denial.http_status) == expected
    assert (denial.request_id, denial.host_id, denial.region, denial.source_ip) == (
        "3E57427F3EXAMPLE",
        "s9lzHYrFp76ZVxRcpX9=",
        "eu-west-1",
        "192.0.2.3",
    )
    assert denial.event_time.isoformat() == "2026-02-06T00:00:38+00:00"


def test_requests_that_succeeded_are_no_denials_in_s3s_access_log():
    lines = [LOG.format(who=WHO, call="REST.GET.OBJECT", key=f"k{n}", answer="200 -" if n % 2 else "403 AccessDenied") for n in range(6)]
    assert [(denial.resource[-2:], denial.line) for denial in parse("\n".join(lines))] == [("k0", 1), ("k2", 3), ("k4", 5)]


@pytest.mark.parametrize("length", range(20, len(EVENT["errorMessage"]), 9))
def test_a_truncated_message_of_an_event_says_what_is_left_of_it(length):
    (denial,) = parse(EVENT | {"errorMessage": EVENT["errorMessage"][:length]})
    assert (denial.principal, denial.error_code, denial.operation) == (WHO, "AccessDenied", "CreateUser")
    assert denial.action in (None, "iam:CreateUser") or re.match(r"iam:Cre", denial.action)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "Role", "arn": WHO, "accountId": "111122223333"},
        {"type": "Directory", "arn": "arn:aws:ds:eu-west-1:111122223333:user/d-1/joe", "accountId": "111122223333", "userName": "joe"},
        {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
        {"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/joe", "accountId": "111122223333"},
    ],
)  # fmt: skip
def test_a_caller_with_an_arn_is_named_by_it_whatever_its_type(fields):
    (denial,) = parse(EVENT | {"userIdentity": fields, "errorMessage": None})
    assert (denial.principal, denial.principal_type, denial.account) == (fields["arn"], fields["type"], "111122223333")


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "VpceAccessDenied", "KMS.AccessDeniedException", "AuthorizationErrorException", "NotAuthorizedException", "403"])  # fmt: skip
@pytest.mark.parametrize("message", [None, "", "An unknown error occurred", 7, "Access Denied"])
def test_every_error_code_makes_a_denial_whatever_its_message(code, message):
    (denial,) = parse(EVENT | {"errorCode": code, "errorMessage": message})
    assert denial.error_code == code


def test_lines_of_text_between_lines_of_json_are_read_as_well():
    record = '{"level":"info","msg":"An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"}'
    plain = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    found = parse(
        "\n".join([record, '{"level":"info","msg":"on"}', "deploying", plain, record.replace("Get", "List"), plain.replace("Put", "Copy")])
    )
    assert [(one.operation, one.line) for one in found] == [("GetObject", 1), ("PutObject", 4), ("ListObject", 5), ("CopyObject", 6)]
