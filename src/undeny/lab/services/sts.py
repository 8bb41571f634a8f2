"""STS: sessions that the lab itself issues, with their session policies and tags; and decoding what EC2 encoded.

https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Asked, Call, Credentials, Fault, Refusal
from undeny.lab.services._generic import tag_keys
from undeny.lab.words import sentence, standard

FREE = ("GetCallerIdentity", "GetSessionToken", "GetAccessKeyInfo")
"""Operations that need no permission."""
CLOSED = {"Version": "2012-10-17", "Statement": []}


def asked(call: Call) -> Iterable[Asked]:
    """Ask the role's trust policy; tags and a source identity are requests of their own."""
    if call.operation in FREE:
        return ()
    if call.operation == "GetFederationToken":
        arn = f"arn:aws:sts::{call.caller.account}:federated-user/{call.parameters['Name']}"
        return (Asked(action="sts:GetFederationToken", resource=arn, context=tag_keys(call.parameters)),)
    if call.operation != "AssumeRole":
        return (Asked(action=f"sts:{call.operation}"),)
    actions = ["sts:AssumeRole"]
    actions += ["sts:TagSession"] if call.parameters.get("Tags") else []
    actions += ["sts:SetSourceIdentity"] if call.parameters.get("SourceIdentity") else []
    return tuple(_on_role(call, action) for action in actions)


def _on_role(call: Call, action: str) -> Asked:
    given = call.parameters
    arn = Arn.parse(given["RoleArn"])
    role = state.role(arn.account, arn.name) if arn and arn.account in state.all_accounts("iam") else None
    trust = state.document(role.assume_role_policy_document) if role is not None and role.arn == given["RoleArn"] else None
    keys = {"sts:ExternalId": "ExternalId", "sts:RoleSessionName": "RoleSessionName", "sts:SourceIdentity": "SourceIdentity"}
    context: dict[str, str | list[str]] = {key: given[name] for key, name in keys.items() if given.get(name)}
    if given.get("TransitiveTagKeys"):
        context["sts:TransitiveTagKeys"] = given["TransitiveTagKeys"]
    account = arn.account if arn else None
    return Asked(action=action, resource=given["RoleArn"], account=account, policy=trust or CLOSED, context=context | tag_keys(given))


def words(call: Call, refusal: Refusal) -> Fault:
    """Say no reason for an implicit denial of AssumeRole, as STS does; an explicit one names its layer."""
    said = sentence(call, refusal)
    if call.operation != "AssumeRole":
        return standard(call, said, refusal)
    if refusal.explicit:
        return standard(call, said.replace("in a resource-based policy", "in the role trust policy"), refusal)
    return standard(call, said.partition(" because ")[0], refusal)


def _assume_role(lab: Any, call: Call) -> dict[str, Any]:
    given = call.parameters
    arn = Arn.parse(given["RoleArn"])
    if arn is None:
        raise UnanswerableError(f"`{given['RoleArn']}` is no ARN")
    tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags") or ()}
    caller, made = lab.callers.of_role(
        arn.account,
        arn.name,
        given["RoleSessionName"],
        call.time,
        session_policies=_session_policies(given, arn.account),
        tags=tags,
        source_identity=given.get("SourceIdentity"),
        seconds=given.get("DurationSeconds") or 3600,
    )
    user = {"AssumedRoleId": caller.unique_id, "Arn": caller.arn}
    return {"Credentials": _written(made, caller.expires), "AssumedRoleUser": user, "PackedPolicySize": 6}


def _session_policies(given: Any, account: str) -> tuple[tuple[str, dict[str, Any]], ...] | None:
    """Give the policies that cut the session; `None` where none was given."""
    managed = [policy["arn"] for policy in given.get("PolicyArns") or ()]
    if not managed and not given.get("Policy"):
        return None
    inline = state.document(given.get("Policy"))
    found = [("session-policy", inline)] if inline else []
    known = state.backend("iam", account).managed_policies
    return (*found, *((known[arn].name, state.managed(known[arn])["policy"]) for arn in managed if arn in known))


def _written(made: Credentials, expires: Any) -> dict[str, Any]:
    return {
        "AccessKeyId": made.access_key,
        "SecretAccessKey": made.secret_key,
        "SessionToken": made.token,
        "Expiration": expires.replace(tzinfo=None),
    }


def _caller_identity(_lab: Any, call: Call) -> dict[str, Any]:
    return {"UserId": call.caller.unique_id, "Account": call.caller.account, "Arn": call.caller.arn}


def _decode(lab: Any, call: Call) -> dict[str, Any] | Fault:
    decoded = lab.encoded.get(call.parameters["EncodedMessage"])
    if decoded is None:
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
        said = "Message could not be decoded: it is invalid, or was cut short"
        return Fault(code="InvalidAuthorizationMessageException", status=400, message=said)
    return {"DecodedMessage": decoded}


ANSWERS = {"AssumeRole": _assume_role, "GetCallerIdentity": _caller_identity, "DecodeAuthorizationMessage": _decode}
