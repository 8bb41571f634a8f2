"""The lab's CloudTrail: one true-shaped event a call, the event history, and trail files.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import gzip
import json
import secrets
import string
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from undeny.lab import services
from undeny.lab.judge import GLOBAL_SERVICES
from undeny.lab.model import Asked, Call, Caller, Fault

READS = (
    "Get",
    "List",
    "Describe",
    "Head",
    "Lookup",
    "Search",
    "Select",
    "Decode",
    "Simulate",
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "AssumeRole",
)
"""How the names of operations begin that CloudTrail marks as read-only."""
SOURCES = {"cloudwatch": "monitoring", "lambda": "lambda", "stepfunctions": "states", "sesv2": "ses", "elbv2": "elasticloadbalancing"}
"""Event sources that are not the SDK's name."""
SECRET = ("SecretString", "SecretBinary", "Plaintext", "Password", "NewPassword", "PrivateKey", "Body", "WebIdentityToken", "SAMLAssertion")
"""Parameters that CloudTrail never keeps."""


class Trail:
    """All events of a lab, in the order in which they happened."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._delivered = 0

    def record(self, call: Call, fault: Fault | None, response: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Write the event of one call; one that was allowed across accounts is written in both.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-shared-event-id.html
        """
        event = made(call, fault, response)
        owners = {str(thing["accountId"]) for thing in event.get("resources", ()) if "accountId" in thing}
        others = owners - {event["recipientAccountId"]} if fault is None else set()
        if others:
            event["sharedEventID"] = str(uuid.uuid4())
        self.events.append(event)
        self.events += [event | {"eventID": str(uuid.uuid4()), "recipientAccountId": account} for account in sorted(others)]
        return event

    def record_hidden(self, call: Call, asked: Asked, fault: Fault | None) -> None:
        """Write the event of a call that a service makes on the caller's behalf."""
        self.events.append(hidden(call, asked, fault))

    def history(self, account: str, region: str) -> list[dict[str, Any]]:
        """Give the management events of one account and Region, newest first: what event history holds.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
        """
        here = [e for e in self.events if e["recipientAccountId"] == account and e["awsRegion"] == region and e["managementEvent"]]
        return here[::-1]

    def undelivered(self) -> dict[str, bytes]:
        """Give the trail files of the events since the last delivery: object key to gzip bytes, one for each account and Region.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
        """
        fresh, self._delivered = self.events[self._delivered :], len(self.events)
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for event in fresh:
            groups.setdefault((event["recipientAccountId"], event["awsRegion"]), []).append(event)
        return {_file(*group, events): _packed(events) for group, events in groups.items()}


def _file(account: str, region: str, events: list[dict[str, Any]]) -> str:
    when = datetime.fromisoformat(events[-1]["eventTime"])
    name = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16))
    folder = f"AWSLogs/{account}/CloudTrail/{region}/{when:%Y/%m/%d}"
    return f"{folder}/{account}_CloudTrail_{region}_{when:%Y%m%dT%H%MZ}_{name}.json.gz"


def _packed(events: list[dict[str, Any]]) -> bytes:
    return gzip.compress(json.dumps({"Records": events}).encode())


def write(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write trail files below a folder, as a copy of the trail's bucket."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def made(call: Call, fault: Fault | None, response: Mapping[str, Any] | None) -> dict[str, Any]:
    """Shape the event of one call."""
    service = services.of(call.service)
    data = call.operation in getattr(service, "DATA_EVENTS", ())
    found = getattr(service, "resources", None)
    resources = found(call) if found else []
    event: dict[str, Any] = {"eventVersion": "1.11", "userIdentity": identity(call.caller), **_when(call), **_what(call)}
    event |= {"sourceIPAddress": call.source_ip, "userAgent": _agent(call)}
    event |= _error(fault)
    event |= {"requestParameters": _parameters(call, fault), "responseElements": response, "requestID": call.request_id}
    event |= {"eventID": str(uuid.uuid4()), "readOnly": call.operation.startswith(READS)}
    event |= {"resources": resources} if resources else {}
    event |= {"eventType": "AwsApiCall", "managementEvent": not data, "recipientAccountId": _recipient(call, resources)}
    event |= {"eventCategory": "Data" if data else "Management"}
    if call.service == "s3":
        event["additionalEventData"] = {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": float(call.headers.get("content-length") or 0),
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": call.host_id,
        }
    if call.endpoint:
        event |= {"vpcEndpointId": call.endpoint}
    host = (event["requestParameters"] or {}).get("Host") or f"{event['eventSource'].partition('.')[0]}.{call.region}.amazonaws.com"
    return event | {"tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": host}}


def hidden(call: Call, asked: Asked, fault: Fault | None) -> dict[str, Any]:
    """Shape the event of what a service asks on the caller's behalf: `invokedBy` says which."""
    context = {
        name.removeprefix("kms:EncryptionContext:"): v for name, v in asked.context.items() if name.startswith("kms:EncryptionContext:")
    }
    resources = [{"accountId": asked.account, "type": "AWS::KMS::Key", "ARN": asked.resource}]
    event: dict[str, Any] = {"eventVersion": "1.11", "userIdentity": identity(call.caller) | {"invokedBy": asked.via}, **_when(call)}
    event |= {"eventSource": "kms.amazonaws.com", "eventName": asked.operation, "awsRegion": call.region}
    event |= {"sourceIPAddress": asked.via, "userAgent": asked.via, **_error(fault)}
    event |= {"requestParameters": {"keyId": asked.resource, "encryptionContext": context, "keySpec": "AES_256"}, "responseElements": None}
    if asked.operation == "Decrypt":
        event["requestParameters"] = {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    event |= {"requestID": str(uuid.uuid4()), "eventID": str(uuid.uuid4()), "readOnly": True, "resources": resources}
    return event | {
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.caller.account or asked.account,
        "eventCategory": "Management",
    }


def identity(caller: Caller) -> dict[str, Any]:
    """Shape `userIdentity`.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    if caller.kind == "anonymous":
        return {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    if caller.kind == "provider":
        told = {"principalId": caller.unique_id, "userName": caller.name, "identityProvider": caller.arn}
        return {"type": "WebIdentityUser", **told}
    kinds = {"user": "IAMUser", "role_session": "AssumedRole", "federated_user": "FederatedUser", "root": "Root"}
    found = {"type": kinds[caller.kind], "principalId": caller.unique_id, "arn": caller.arn}
    found |= {"accountId": str(caller.account), "accessKeyId": str(caller.access_key)}
    if caller.kind == "user":
        return found | {"userName": str(caller.name)}
    if caller.kind != "role_session" or caller.issued is None:
        return found
    issuer = {"type": "Role", "principalId": caller.issuer_id, "arn": caller.issuer, "accountId": caller.account, "userName": caller.name}
    attributes = {"creationDate": caller.issued.strftime("%Y-%m-%dT%H:%M:%SZ"), "mfaAuthenticated": "false"}
    session: dict[str, Any] = {"sessionIssuer": issuer, "attributes": attributes}
    session |= {"sourceIdentity": caller.source_identity} if caller.source_identity else {}
    return found | {"sessionContext": session}


def _agent(call: Call) -> str:
    """Give the user agent; S3 puts it in brackets."""
    agent = call.headers.get("user-agent", "")
    return f"[{agent}]" if call.service == "s3" else agent


def _when(call: Call) -> dict[str, str]:
    return {"eventTime": call.time.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _what(call: Call) -> dict[str, str]:
    region = "us-east-1" if call.service in GLOBAL_SERVICES else call.region
    return {"eventSource": f"{SOURCES.get(call.service, call.service)}.amazonaws.com", "eventName": _event_name(call), "awsRegion": region}


def _event_name(call: Call) -> str:
    """Give the event's name: Lambda writes its API's date behind it, but for invocations."""
    dated = call.service == "lambda" and not call.operation.startswith("Invoke")
    return f"{call.operation}20150331" if dated else call.operation


def _error(fault: Fault | None) -> dict[str, str]:
    return {} if fault is None else {"errorCode": fault.event_code or fault.code, "errorMessage": fault.message}


def _recipient(call: Call, resources: list[Mapping[str, Any]]) -> str:
    owner = next((str(thing["accountId"]) for thing in resources if "accountId" in thing), "")
    return call.caller.account or owner


def _parameters(call: Call, fault: Fault | None) -> dict[str, Any] | None:
    """Shape `requestParameters`; a denied call shows none, but for S3's and EC2's own."""
    own = getattr(services.of(call.service), "parameters", None)
    if own:
        shaped: dict[str, Any] = own(call)
        return shaped
    if fault is not None and fault.refusal is not None and call.protocol != "ec2":
        return None
    return _written({name: value for name, value in call.parameters.items() if name not in SECRET}) or None


def _written(value: Any) -> Any:
    """Write parameters as CloudTrail does: names begin in lower case, bytes and times as text."""
    if isinstance(value, Mapping):
        return {name[:1].lower() + name[1:]: _written(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "HIDDEN_DUE_TO_SECURITY_REASONS" if isinstance(value, bytes) else value
