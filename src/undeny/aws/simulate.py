"""AWS's policy simulator, asked only of what it gets right.

It ignores trust policies on sts:Assume* (https://github.com/aws/aws-cli/issues/10314) and conditions in SCPs
(https://github.com/aws/aws-cli/issues/10525), and it knows neither endpoint and session policies nor RCPs
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html): its allow proves nothing there.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny import catalog
from undeny.aws.collect import organizations
from undeny.aws.reader import Reader
from undeny.aws.session import Session, client, failure
from undeny.calls.model import Request
from undeny.evidence import holder_of_policy
from undeny.evidence.model import Gap, Policy
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulator said; `why` says why it was not asked, or did not answer."""

    outcome: Literal["allowed", "denied", "not_asked"]
    why: str = ""


def simulate(session: Session, request: Request) -> Simulated:
    """Ask the simulator about a request, where its answer can be believed."""
    reader = Reader(session)
    why = _unfit(reader, request)
    if why:
        return Simulated(outcome="not_asked", why=why)
    who = Principal.parse(request.principal or "")
    asked: dict[str, Any] = {
        "PolicySourceArn": _source(reader, who),
        "ActionNames": [request.action],
        "ResourceArns": [request.resource],
        "ContextEntries": [entry for entry in (_entry(key, value) for key, value in request.context.items()) if entry],
    }
    try:
        answer = client(session, "iam").simulate_principal_policy(**asked)
    except (ClientError, BotoCoreError) as error:
        if told := failure(error):
            raise told from error
        return Simulated(outcome="not_asked", why=f"the simulator did not answer: {' '.join(str(error).split()).rstrip('.')}")
    result = answer["EvaluationResults"][0]
    if result.get("MissingContextValues"):
        return Simulated(outcome="not_asked", why=f"the simulator misses {', '.join(result['MissingContextValues'])}")
    return Simulated(outcome="allowed" if result["EvalDecision"] == "allowed" else "denied")


def _unfit(reader: Reader, request: Request) -> str | None:
    """Say why the simulator's answer would prove nothing, `None` where it would."""
    who = Principal.parse(request.principal or "")
    if request.action.lower().startswith("sts:assume"):
        return "the simulator reads no trust policies"
    if who.kind not in ("role", "role_session", "user") or who.account != reader.me.account:
        return "the simulator takes roles and users of the reader's own account"
    if request.resource_account not in (None, who.account):
        return "the simulator knows nothing of the other account's policies"
    if any(key.lower() in ("aws:sourcevpce", "aws:sourcevpc") for key in request.context):
        return "the simulator knows no endpoint policies"
    if holder_of_policy(request.action, request.resource):
        return "the simulator reads no resource policy for a role"
    return _conditions(reader, who.account or "")


def _conditions(reader: Reader, account: str) -> str | None:
    """Say whether an SCP with conditions bears on the account, or whether that could not be read."""
    for kind in ("scp", "rcp"):
        levels = organizations.levels(reader, kind, account)
        if isinstance(levels, Gap):
            return f"the {kind.upper()}s were not read, and the simulator gets their conditions wrong"
        for level in levels or ():
            if isinstance(level.policies, Gap):
                return f"the {kind.upper()}s were not read, and the simulator gets their conditions wrong"
            if any(isinstance(policy, Policy) and _conditioned(policy.document.data, kind) for policy in level.policies or ()):
                return f"the simulator gets {kind.upper()}s with conditions wrong"
    return None


def _conditioned(document: Any, kind: str) -> bool:
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    listed = statements if isinstance(statements, list | tuple) else [statements]
    return any(one.get("Condition") or (kind == "rcp" and one.get("Effect") == "Deny") for one in listed if isinstance(one, Mapping))


def _source(reader: Reader, who: Principal) -> str:
    """Give the role or user itself: the simulator takes no session."""
    if who.kind != "role_session":
        return who.text
    name = (who.name or "").rpartition("/")[2]
    answer = reader.call("iam", "get_role", action="iam:GetRole", what=f"role {name}", RoleName=name)
    if isinstance(answer, dict):
        return str(answer["Role"]["Arn"])
    return str(Arn(partition=reader.partition, service_prefix="iam", region="", account=who.account or "", resource=f"role/{name}"))


def _entry(key: str, value: Any) -> dict[str, Any] | None:
    known = catalog.condition_key(key, None)
    if value is None:
        return None
    kind = {"Bool": "boolean", "IPAddress": "ip", "Numeric": "numeric", "Date": "date"}.get(getattr(known, "type", "") or "", "string")
    values = [value] if isinstance(value, str) else list(value)
    return {"ContextKeyName": key, "ContextKeyType": kind if len(values) == 1 else f"{kind}List", "ContextKeyValues": values}
