"""What happens to a message on its way to the reader: the client's own form around it, and what logs, terminals and pages do to it."""

import html
import json
import textwrap
from collections.abc import Callable, Mapping

ID = "8a3f6c1e-5b2d-4e7a-9c10-2f4d6b8a0c1e"
CODE = "AccessDenied"

CLIENTS: Mapping[str, str] = {
    "botocore": "An error occurred ({code}) when calling the GetThing operation: {sentence}",
    "botocore retried": "An error occurred ({code}) when calling the GetThing operation (reached max retries: 4): {sentence}",
    "python": 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    raise error_class(parsed_response, operation_name)\nbotocore.exceptions.ClientError: An error occurred ({code}) when calling the GetThing operation: {sentence}',
    "go v1": "{code}: {sentence}\n\tstatus code: 403, request id: {id}",
    "go v2": "operation error S3: GetThing, https response error StatusCode: 403, RequestID: {id}, api error {code}: {sentence}",
    "java v1": "com.amazonaws.services.s3.model.AmazonS3Exception: {sentence} (Service: Amazon S3; Status Code: 403; Error Code: {code}; Request ID: {id}; Proxy: null)\n\tat com.amazonaws.http.AmazonHttpClient.execute(AmazonHttpClient.java:1377)",
    "java v2": "software.amazon.awssdk.services.sts.model.{code}Exception: {sentence} (Service: Sts, Status Code: 403, Request ID: {id})\n\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handle(CombinedResponseHandler.java:1)",
    "javascript v2": "{code}: {sentence}\n    at Request.extractError (/var/task/node_modules/aws-sdk/lib/protocol/json.js:52:27) {{\n  code: '{code}',\n  time: 2026-11-24T18:04:11.000Z,\n  requestId: '{id}',\n  statusCode: 403\n}}",
    "javascript v3": "{code}: {sentence}\n    at throwDefaultError (node_modules/@smithy/smithy-client/dist-cjs/index.js:1:1) {{\n  '$fault': 'client',\n  '$metadata': {{\n    httpStatusCode: 403,\n    requestId: '{id}',\n    attempts: 1\n  }},\n  Code: '{code}'\n}}",
    "php": 'Error executing "GetThing" on "https://s3.eu-west-1.amazonaws.com/"; AWS HTTP error: Client error: `GET https://s3.eu-west-1.amazonaws.com/` resulted in a `403 Forbidden` response: {code} (client): {sentence}',
    "ruby": "Aws::S3::Errors::{code}: {sentence}",
    "rust": 'service error: unhandled error ({code}): Error {{ code: "{code}", message: "{sentence}", aws_request_id: "{id}" }}',
    ".NET": "Amazon.S3.AmazonS3Exception: {sentence}\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type 'Amazon.Runtime.Internal.HttpErrorResponseException' was thrown.",
    "C++": "HTTP response code: 403\nException name: {code}\nError message: {sentence}\n2 response headers:\ncontent-type : text/xml\nx-amzn-requestid : {id}",
    "XML": '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{sentence}</Message><RequestId>{id}</RequestId><HostId>abc=</HostId></Error>',
    "JSON": '{{"__type":"com.amazon.coral.service#{code}Exception","Message":"{sentence}"}}',
    "Terraform": 'Error: creating Thing (app): operation error S3: GetThing, https response error StatusCode: 403, RequestID: {id}, api error {code}: {sentence}\n\n  with aws_thing.app,\n  on main.tf line 3, in resource "aws_thing" "app":\n   3: resource "aws_thing" "app" {{\n',
    "Terraform, old": "* aws_thing.app: 1 error(s) occurred:\n\n* aws_thing.app: Error creating Thing app: {code}: {sentence}\n\tstatus code: 403, request id: {id}",
    "CloudFormation": 'Resource handler returned message: "{sentence} (Service: S3, Status Code: 403, Request ID: {id})" (RequestToken: 1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: {code})',
    "CDK": 'MyStack | 3/5 | 18:04:11 | CREATE_FAILED        | AWS::S3::Bucket | Bucket (Bucket83908E77) Resource handler returned message: "{sentence} (Service: S3, Status Code: 403, Request ID: {id})" (RequestToken: 1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: {code})',
    "Serverless": 'Error:\nCREATE_FAILED: AppLogGroup (AWS::Logs::LogGroup)\nResource handler returned message: "{sentence} (Service: CloudWatchLogs, Status Code: 400, Request ID: {id})" (RequestToken: 1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: {code})',
    "Pulumi": "  aws:s3:Thing (app):\n    error: 1 error occurred:\n    \t* creating Thing: operation error S3: GetThing, https response error StatusCode: 403, RequestID: {id}, api error {code}: {sentence}",
    "Karpenter": "launching nodeclaim, creating instance, with fleet error(s), {code}: {sentence}",
    "Kubernetes event": "Warning  FailedDeployModel  6s (x5 over 46s)  service  Failed deploy model due to {code}: {sentence}\n           status code: 403, request id: {id}",
    "ECS": "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): {code}: {sentence} status code: 403, request id: {id}",
    "CodeBuild": "[Container] 2026/11/24 18:04:11 Phase context status code: CLIENT_ERROR Message: {code}: {sentence}\n\tstatus code: 403, request id: {id}",
}  # fmt: skip
"""The client's form around a sentence; `{code}` and `{id}` where it says them."""


def client_text(form: str, sentence: str) -> tuple[str, str | None, str | None]:
    """Give the text, and the code and request id that it states."""
    pattern = CLIENTS[form]
    if form == "JSON":
        sentence = json.dumps(sentence)[1:-1]
    code = None
    if "{code}" in pattern:
        code = f"{CODE}Exception" if "{code}Exception" in pattern else CODE
    return pattern.format(code=CODE, sentence=sentence, id=ID), code, ID if "{id}" in pattern else None


def _each_line(prefix: str) -> Callable[[str], str]:
    return lambda text: "\n".join(prefix + line for line in text.split("\n"))


def _boxed(text: str) -> str:
    """Frame a text as Terraform does, its lines folded between words."""
    lines = [
        piece for line in text.split("\n") for piece in textwrap.wrap(line, 76, break_long_words=False, break_on_hyphens=False) or [""]
    ]
    return "\u2577\n" + "\n".join(f"\u2502 {line}" for line in lines) + "\n\u2575"


def _folded(text: str) -> str:
    lines = [
        piece for line in text.split("\n") for piece in textwrap.wrap(line, 50, break_long_words=False, break_on_hyphens=False) or [""]
    ]
    return "\n".join(lines)


WAYS: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "Windows lines": lambda text: text.replace("\n", "\r\n"),
    "coloured": lambda text: "\x1b[31m\x1b[1m" + text.replace(": ", ":\x1b[0m\x1b[31m ") + "\x1b[0m",
    "in a log": lambda text: (
        f"2026-11-24T18:04:11.123Z  INFO [main] start\n2026-11-24T18:04:11.456Z ERROR [main] c.e.App - {text}\n2026-11-24T18:04:12.000Z  INFO [main] end"
    ),
    "in the journal": _each_line("Nov 24 18:04:11 ip-10-0-0-1 app[4711]: "),
    "in a container's log": _each_line("app-1  | "),
    "indented": _each_line("    "),
    "quoted in Markdown": _each_line("> "),
    "fenced": lambda text: f"I get this:\n```\n{text}\n```\nWhat is wrong?",
    "a bullet": lambda text: f"  * {text}",
    "framed": _boxed,
    "folded": _folded,
    "in JSON": lambda text: json.dumps({"level": "error", "ts": 1764007451.2, "msg": text}),
    "in JSON, twice": lambda text: json.dumps({"statusCode": 500, "body": json.dumps({"error": text})}),
    "in a key and value log": lambda text: f'time="2026-11-24T18:04:11Z" level=error msg={json.dumps(text)} component=app',
    "a Python dictionary": lambda text: repr({"id": 7, "error": text}),
    "escaped for HTML": html.escape,
    "printed twice": lambda text: f"{text}\n\n{text}",
    "under a heading": lambda text: f"Error loading things\n{text}",
    "in round brackets": lambda text: f"Deployment failed ({text})",
}
"""What is done to a text; none of it changes what the text says."""
