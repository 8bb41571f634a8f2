"""A CloudTrail event becomes a denial: who, what, where and when from its fields, why from the sentence in `errorMessage`.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import re
from collections.abc import Mapping
from typing import Any

from undeny.denial.build import built, moment
from undeny.denial.found import Facts
from undeny.denial.identity import context_of, identity_facts, is_address
from undeny.denial.model import Denial
from undeny.denial.secrets import mask, mask_value, text_of
from undeny.denial.sentences import sentence_facts

_DATED = re.compile(r"(?<=[A-Za-z])20\d\d_?(?:0[1-9]|1[0-2])_?(?:0[1-9]|[12]\d|3[01])(?:v\d{1,2})?$")
_SERVICE_NAME = re.compile(r"(?:[a-z0-9-]+\.)+(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)|AWS Internal", re.IGNORECASE)
_NETWORK_CODE = "VpceAccessDenied"


def denial_of_event(event: Mapping[str, Any], line: int | None = None) -> Denial | None:
    """Give the denial that an event records, `None` where the call succeeded."""
    code, message = text_of(event.get("errorCode")), text_of(event.get("errorMessage"))
    message = message and mask(message)
    if code is None and message is None:
        return None
    facts = _call(event)
    identity = _mapping(event.get("userIdentity"))
    facts |= identity_facts(identity)
    sentence = _sentence(message)
    told = sentence.pop("principal", None)
    if told and (not facts.get("principal") or (told.startswith("arn:") and "*" not in told)):
        facts["principal"] = told
    own = {key: value for key, value in sentence.items() if key not in {"operation", "service", "http_status", "error_code", "region"}}
    facts |= {key: value for key, value in own.items() if value is not None or key not in facts}
    facts |= _where(event, identity)
    facts |= {"error_code": code or sentence.get("error_code"), "message": message, "line": line}
    facts["text"] = facts["message"] or code
    facts["resources"] = _resources(event)
    if "resource" not in facts and len(facts["resources"]) == 1:
        facts["resource"] = facts["resources"][0]
    facts["resources"] = tuple(arn for arn in facts["resources"] if arn != facts.get("resource"))
    if code == _NETWORK_CODE:
        facts["policy_type"] = "vpc_endpoint"
    facts["wrapper"] = "cloudtrail"
    return built(facts)


def operation_of(name: str) -> str:
    """Strip the API's date from an event's name; digits that belong to the name stay.

    >>> operation_of("UpdateFunctionCode20150331v2"), operation_of("CreateDistribution2020_05_31"), operation_of("ListObjectsV2")
    ('UpdateFunctionCode', 'CreateDistribution', 'ListObjectsV2')
    """
    return _DATED.sub("", name)


def _call(event: Mapping[str, Any]) -> Facts:
    name, source = text_of(event.get("eventName")), text_of(event.get("eventSource"))
    extra = _mapping(event.get("additionalEventData"))
    status = extra.get("httpStatusCode")
    parameters = event.get("requestParameters")
    facts: Facts = {
        "operation": operation_of(name) if name else None,
        "event_source": source,
        "service": source.partition(".")[0] if source else None,
        "region": text_of(event.get("awsRegion")),
        "event_id": text_of(event.get("eventID")),
        "request_id": text_of(event.get("requestID")),
        "event_time": moment(text_of(event.get("eventTime")) or ""),
        "recipient_account": text_of(event.get("recipientAccountId")),
        "host_id": text_of(extra.get("x-amz-id-2")),
        "http_status": status if isinstance(status, int) and not isinstance(status, bool) else None,
        "parameters": mask_value(parameters) if isinstance(parameters, Mapping) else None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _where(event: Mapping[str, Any], identity: Mapping[str, Any]) -> Facts:
    address, endpoint, agent = text_of(event.get("sourceIPAddress")), text_of(event.get("vpcEndpointId")), text_of(event.get("userAgent"))
    invoked = text_of(identity.get("invokedBy")) or text_of(event.get("invokedBy"))
    if address and not is_address(address) and _SERVICE_NAME.fullmatch(address):
        invoked, address = invoked or address, None
    facts: Facts = {"source_ip": address, "vpc_endpoint_id": endpoint, "user_agent": agent, "invoked_by": invoked}
    facts["context"] = context_of(event, identity, facts)
    return facts


def _sentence(message: str | None) -> Facts:
    if not message:
        return {}
    return sentence_facts(message)


def _resources(event: Mapping[str, Any]) -> tuple[str, ...]:
    listed = event.get("resources")
    found: list[str] = []
    for item in listed if isinstance(listed, list | tuple) else ():
        arn = text_of(_mapping(item).get("ARN")) or text_of(_mapping(item).get("arn"))
        if arn:
            found.append(arn)
    return tuple(dict.fromkeys(found))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
