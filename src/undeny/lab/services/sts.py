"""STS: sessions that the lab itself issues, with their session policies and tags; and decoding what EC2 encoded.

https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Asked, Call, Caller, Credentials, Fault, Refusal
from undeny.lab.services import _tokens
from undeny.lab.services._generic import tag_keys
from undeny.lab.words import sentence, standard

FREE = ("GetCallerIdentity", "GetSessionToken", "GetAccessKeyInfo")
"""Operations that need no permission."""
CLOSED = {"Version": "2012-10-17", "Statement": []}


def caller(call: Call) -> Caller:
    """Give the caller of an unsigned call: a token's."""
    return _tokens.caller(call) if call.operation == "AssumeRoleWithWebIdentity" else call.caller


def before(call: Call) -> Fault | None:
    """Say what STS refuses before any policy is read."""
    if call.operation == "AssumeRoleWithWebIdentity":
        return _tokens.problem(call)
    if call.operation == "AssumeRole" and call.caller.kind == "root":
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
        return Fault(code="AccessDenied", status=403, message="Roles may not be assumed by root accounts.")
    return None


def asked(call: Call) -> Iterable[Asked]:
    """Ask the role's trust policy; tags and a source identity are requests of their own."""
    if call.operation in FREE:
        return ()
    if call.operation == "GetFederationToken":
        arn = f"arn:aws:sts::{call.caller.account}:federated-user/{call.parameters['Name']}"
        return (Asked(action="sts:GetFederationToken", resource=arn, context=tag_keys(call.parameters)),)
    if call.operation not in {"AssumeRole", "AssumeRoleWithWebIdentity"}:
        return (Asked(action=f"sts:{call.operation}"),)
    actions = [f"sts:{call.operation}"]
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
    context |= _tokens.context(call) if call.operation == "AssumeRoleWithWebIdentity" else {}
    account = arn.account if arn else None
    return Asked(action=action, resource=given["RoleArn"], account=account, policy=trust or CLOSED, context=context | tag_keys(given))


def words(call: Call, refusal: Refusal) -> Fault:
    """Say no reason for an implicit denial of AssumeRole, as STS does; an explicit one names its layer."""
    said = sentence(call, refusal)
    if call.operation == "AssumeRoleWithWebIdentity":
        return standard(call, "Not authorized to perform sts:AssumeRoleWithWebIdentity", refusal)
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
    answer = {"Credentials": _written(made, caller.expires), "AssumedRoleUser": user, "PackedPolicySize": 6}
    if call.caller.kind == "provider":
        answer |= {"SubjectFromWebIdentityToken": call.caller.name, "Provider": call.caller.arn}
    return answer


def _session_token(lab: Any, call: Call) -> dict[str, Any]:
    """Issue a temporary key of the same user or root."""
    expires = call.time + timedelta(seconds=call.parameters.get("DurationSeconds") or 43200)
    return {"Credentials": _written(lab.callers.of_self(call.caller, call.time, expires), expires)}


def _federation_token(lab: Any, call: Call) -> dict[str, Any]:
    """Issue a federated user's session: the user's policies, cut by the session policy; without one it may do nothing."""
    expires = call.time + timedelta(seconds=call.parameters.get("DurationSeconds") or 43200)
    policies = _session_policies(call.parameters, str(call.caller.account))
    caller, made = lab.callers.of_federated(call.caller, call.parameters["Name"], call.time, expires, session_policies=policies)
    user = {"FederatedUserId": caller.unique_id, "Arn": caller.arn}
    return {"Credentials": _written(made, expires), "FederatedUser": user, "PackedPolicySize": 6}


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


ANSWERS = {
    "AssumeRole": _assume_role,
    "AssumeRoleWithWebIdentity": _assume_role,
    "GetSessionToken": _session_token,
    "GetFederationToken": _federation_token,
    "GetCallerIdentity": _caller_identity,
    "DecodeAuthorizationMessage": _decode,
}


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event: the role."""
    arn = Arn.parse(call.parameters.get("RoleArn") or "")
    return [{"accountId": arn.account, "type": "AWS::IAM::Role", "ARN": str(arn)}] if arn else []
