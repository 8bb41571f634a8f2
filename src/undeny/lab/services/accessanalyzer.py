"""IAM Access Analyzer: findings computed from the policies that the lab holds, ValidatePolicy, and the custom checks.

https://docs.aws.amazon.com/access-analyzer/latest/APIReference/Welcome.html
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from undeny import prove
from undeny.errors import UndenyError
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal
from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault
from undeny.lab.services._generic import tag_keys

analyzers: dict[tuple[str, str], dict[str, Any]] = {}
"""Account and Region to its analyzer; there is none until somebody makes one."""
looked: dict[tuple[str, str], tuple[datetime, tuple[dict[str, Any], ...]]] = {}
"""Analyzer's ARN and a thing's ARN to when it was last looked at and what was found: findings are of then, not of now."""
TRUSTED = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:sourceaccount", "aws:sourceorgid", "aws:sourcearn",
           "aws:principalarn", "aws:sourcevpc", "aws:sourcevpce", "aws:userid")  # fmt: skip
"""Keys that keep the public out: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-external-principals.html"""


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the analyzer where one is named."""
    arn = call.parameters.get("analyzerArn")
    if call.operation == "CreateAnalyzer":
        arn = _arn(call, call.parameters["analyzerName"])
    return (Asked(action=f"access-analyzer:{call.operation}", resource=arn or "*", context=tag_keys(call.parameters)),)


def _arn(call: Call, name: str) -> str:
    return f"arn:aws:access-analyzer:{call.region}:{call.caller.account}:analyzer/{name}"


def _create(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    place = (str(call.caller.account), call.region)
    if place in analyzers:
        return Fault(code="ConflictException", status=409, message="An analyzer of this type exists")
    arn = _arn(call, call.parameters["analyzerName"])
    told = {"arn": arn, "name": call.parameters["analyzerName"], "type": call.parameters["type"], "status": "ACTIVE"}
    analyzers[place] = told | {"createdAt": call.time}
    for thing, _ in _policies(place[0], call.region):
        _look(arn, place[0], call.region, thing)
    return {"arn": arn}


def _list(_lab: Any, call: Call) -> dict[str, Any]:
    found = analyzers.get((str(call.caller.account), call.region))
    wanted = call.parameters.get("type")
    return {"analyzers": [found] if found and wanted in (None, found["type"]) else []}


def _scan(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    if problem := _missing(call):
        return problem
    _look(call.parameters["analyzerArn"], str(call.caller.account), call.region, call.parameters["resourceArn"])
    return {}


def _missing(call: Call) -> Fault | None:
    found = analyzers.get((str(call.caller.account), call.region))
    if found is None or found["arn"] != call.parameters.get("analyzerArn"):
        return Fault(code="ResourceNotFoundException", status=404, message="The analyzer was not found")
    return None


def _look(analyzer: str, account: str, region: str, thing: str) -> None:
    policies = dict(_policies(account, region))
    found = tuple(_findings(account, thing, policies[thing])) if thing in policies else ()
    looked[analyzer, thing] = (datetime.now(UTC), found)


def _analyzed(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    if problem := _missing(call):
        return problem
    thing = call.parameters["resourceArn"]
    seen = looked.get((call.parameters["analyzerArn"], thing))
    if seen is None:
        return Fault(code="ResourceNotFoundException", status=404, message="The resource was not analyzed")
    at, found = seen
    told = {"resourceArn": thing, "resourceType": _type(thing), "createdAt": at, "analyzedAt": at, "updatedAt": at}
    told |= {"isPublic": any(one["isPublic"] for one in found), "resourceOwnerAccount": str(call.caller.account)}
    return {"resource": told}


def _findings_v2(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    if problem := _missing(call):
        return problem
    wanted = (call.parameters.get("filter") or {}).get("resource", {}).get("eq")
    account = str(call.caller.account)
    listed = []
    for (analyzer, thing), (at, found) in looked.items():
        if analyzer == call.parameters["analyzerArn"] and (wanted is None or thing in wanted):
            told = {"analyzedAt": at, "createdAt": at, "updatedAt": at, "resource": thing, "resourceType": _type(thing)}
            listed += [{**told, "id": one["id"], "status": "ACTIVE", "resourceOwnerAccount": account, "findingType": "ExternalAccess"}
                       for one in found]  # fmt: skip
    return {"findings": listed}


def _finding(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    for (analyzer, thing), (at, found) in looked.items():
        for one in found if analyzer == call.parameters["analyzerArn"] else ():
            if one["id"] == call.parameters["id"]:
                details = {key: one[key] for key in ("action", "principal", "isPublic", "condition")}
                told = {"analyzedAt": at, "createdAt": at, "updatedAt": at, "resource": thing, "resourceType": _type(thing)}
                told |= {"id": one["id"], "status": "ACTIVE", "resourceOwnerAccount": str(call.caller.account)}
                return told | {"findingType": "ExternalAccess", "findingDetails": [{"externalAccessDetails": details}]}
    return Fault(code="ResourceNotFoundException", status=404, message="The finding was not found")


def _policies(account: str, region: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the things of an account with a policy of their own, and the policy."""
    for name, (_, owner) in list(state.held("s3").bucket_accounts.items()):
        bucket = state.bucket(name)
        if owner == account and bucket is not None and bucket.policy:
            yield f"arn:aws:s3:::{name}", state.document(bucket.policy) or {}
    for role in state.backend("iam", account).roles.values():
        yield role.arn, state.document(role.assume_role_policy_document) or {}
    for key in list(state.backend("kms", account, region).keys.values()):
        yield key.arn, state.document(key.policy) or {}
    for queue in list(state.backend("sqs", account, region).queues.values()):
        if queue.policy:
            yield queue.queue_arn, state.document(queue.policy) or {}
    for topic in list(state.backend("sns", account, region).topics.values()):
        yield topic.arn, state.document(topic.policy) or {}


def _findings(account: str, thing: str, policy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Find the statements that let somebody outside the account in, one finding for each principal."""
    for statement in policy.get("Statement") or ():
        if statement.get("Effect") != "Allow":
            continue
        for who, public in _outside(statement.get("Principal"), account):
            conditions = {key.lower(): value for block in (statement.get("Condition") or {}).values() for key, value in block.items()}
            if public and any(key in TRUSTED for key in conditions):
                continue
            actions = statement.get("Action")
            told = {"action": [actions] if isinstance(actions, str) else sorted(actions or ["*"]), "principal": who, "isPublic": public}
            mark = json.dumps([thing, told, conditions], sort_keys=True, default=str)
            plain = {key: str(value) for key, value in conditions.items()}
            yield told | {"condition": plain, "id": str(uuid.uuid5(uuid.NAMESPACE_URL, mark))}


def _outside(principal: Any, account: str) -> Iterator[tuple[dict[str, str], bool]]:
    if principal == "*":
        yield {"AWS": "*"}, True
        return
    for kind, held in (principal or {}).items() if isinstance(principal, Mapping) else ():
        for who in [held] if isinstance(held, str) else held:
            if kind == "AWS" and who == "*":
                yield {"AWS": "*"}, True
            elif kind == "AWS" and Principal.parse(who).account not in (None, account):
                yield {"AWS": who}, False


def _type(thing: str) -> str:
    arn = Arn.parse(thing)
    kinds = {"s3": "AWS::S3::Bucket", "iam": "AWS::IAM::Role", "kms": "AWS::KMS::Key", "sqs": "AWS::SQS::Queue", "sns": "AWS::SNS::Topic"}
    return kinds[arn.service_prefix] if arn else ""


def _validate(_lab: Any, call: Call) -> dict[str, Any]:
    """Say what is wrong with a document, by the project's own rules under AWS's four kinds of finding."""
    from undeny.prove import validating  # noqa: PLC0415 - only where a document is to be validated

    kinds: dict[str, Any] = {
        "IDENTITY_POLICY": "identity",
        "RESOURCE_POLICY": "resource",
        "SERVICE_CONTROL_POLICY": "scp",
        "RESOURCE_CONTROL_POLICY": "rcp",
    }
    found = validating.validate(call.parameters["policyDocument"], kinds[call.parameters["policyType"]])
    return {"findings": [_said(one) for one in found]}


def _said(one: Any) -> dict[str, Any]:
    code = str(one.code).upper().replace("-", "_")
    kind = "ERROR" if one.level == "error" else "WARNING"
    return {"findingDetails": one.message, "findingType": kind, "issueCode": code, "learnMoreLink": one.source, "locations": []}


def _new_access(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    given = call.parameters
    kind: Any = "identity" if given["policyType"] == "IDENTITY_POLICY" else "resource"
    return _result(lambda: prove.no_new_access(given["existingPolicyDocument"], given["newPolicyDocument"], type=kind), "new access")


def _public(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    given = call.parameters
    return _result(lambda: prove.no_public_access(given["policyDocument"], given["resourceType"]), "public access")


def _result(check: Any, what: str) -> dict[str, Any] | Fault:
    try:
        holds = check().holds
    except UndenyError as error:
        return Fault(code="InvalidParameterException", status=400, message=error.message)
    if holds is None:
        return Fault(code="UnprocessableEntityException", status=422, message="The policy could not be analyzed")
    said = f"The policy document {'does not grant' if holds else 'grants'} {what}."
    return {"result": "PASS" if holds else "FAIL", "message": said, "reasons": []}


ANSWERS = {
    "CreateAnalyzer": _create,
    "ListAnalyzers": _list,
    "StartResourceScan": _scan,
    "GetAnalyzedResource": _analyzed,
    "ListFindingsV2": _findings_v2,
    "GetFindingV2": _finding,
    "ValidatePolicy": _validate,
    "CheckNoNewAccess": _new_access,
    "CheckNoPublicAccess": _public,
}
