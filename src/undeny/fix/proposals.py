"""Proposals from a text alone: what the change would look like, with `<...>` where the text does not say. Nothing of it is proved."""

import re

from undeny import catalog
from undeny.calls.model import Request
from undeny.diagnose.model import Case, Cause
from undeny.evidence.layers import TRUST_ACTIONS
from undeny.fix import documents, requests
from undeny.fix.documents import Json
from undeny.fix.model import CallEdit, EditLayer, Fix, PolicyEdit
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

UNREAD = "no policy was read: this is the shape of the change, not the change"


def request_of(case: Case, cause: Cause) -> Request | None:
    """Give the request that the text tells of, `None` where it does not even say the action."""
    if not case.requests:
        return None
    return case.requests[cause.request if cause.request is not None and cause.request < len(case.requests) else 0]


def caller(case: Case, request: Request | None) -> str:
    """Give the ARN that the policies hang on, or its placeholder."""
    who = (request.principal if request else None) or case.denial.principal
    if who is None or Arn.parse(who) is None:
        return "<ARN of the role or user>"
    return Principal.parse(who).role_arn or who


def resource(request: Request | None, action: str, told: str | None = None) -> str:
    """Give the resource that the text names, else the action's ARN template with placeholders; `*` only where it knows no other."""
    named = request.resource if request and request.resource != "*" and not requests.guessed(request) else told
    if named:
        return named
    known = catalog.action(action)
    if known is not None and not known.resources:
        return "*"
    template = _likeliest(action)
    return re.sub(r"\$\{(\w+)\}", _placeholder, template) if template else "<ARN>"


def _likeliest(action: str) -> str | None:
    """Give the ARN template of what people mostly call it on: not an access point, and the thing that the action's name speaks of."""
    templates = [t for t in catalog.arn_template(action) if "accesspoint" not in t]
    spoken = [t for t in templates if (arn := Arn.parse(t)) and arn.resource_type and arn.resource_type in action.lower()]
    return next(iter((*spoken, *templates)), None)


def _placeholder(found: "re.Match[str]") -> str:
    """Give a readable placeholder: `<bucket>/<key>` for `${BucketName}/${ObjectName}`."""
    name = {"Partition": "aws", "ObjectName": "<key>", "Account": "<account id>"}.get(found[1])
    if name is not None:
        return name
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found[1].removesuffix("WithPath").removesuffix("Name")).lower()
    return f"<{words}>"


def policy(case: Case, cause: Cause, layer: EditLayer, *, action: str | None = None, condition: Json | None = None) -> Fix:
    """Give the statement that the named layer would need, with what the text does not say left open."""
    request = request_of(case, cause)
    what = action or (request.action if request else None) or case.denial.action or "<service:Action>"
    same = action is None or (request is not None and request.action.lower() == action.lower())
    statement: Json = {"Effect": "Allow", "Action": what}
    if layer in ("resource", "endpoint"):
        who = caller(case, request)
        statement = {"Effect": "Allow", "Principal": _principal(who, what), "Action": what}
    if what.lower() not in TRUST_ACTIONS or layer != "resource":
        statement["Resource"] = resource(request if same else None, what, case.denial.resource if same else None)
    narrow = condition if condition is not None else requests.narrowing(request) if request and same else {}
    if narrow:
        statement["Condition"] = narrow
    target = _target(case, request, layer)
    name = None if layer == "resource" else f"undeny-{what.replace(':', '-').strip('<>')}" if layer == "identity" else "<policy name>"
    return Fix(
        id="",
        title=f"allow {what} in the {_SAID[layer]}",
        layer=layer,
        applicability="has_placeholders",
        changes=(PolicyEdit(layer=layer, target=target, policy=name, before=None, after=documents.added(None, statement)),),
        assumes=(UNREAD,),
        owner="organization" if layer in ("scp", "rcp") else None,
        grants=((what, str(statement.get("Resource", target))),),
    )


_SAID = {
    "identity": "caller's identity policy",
    "resource": "resource's own policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "endpoint": "VPC endpoint's policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
}


def _principal(who: str, action: str) -> Json | str:
    if who.startswith("<") and action.lower() in ("sts:assumerolewithwebidentity", "sts:assumerolewithsaml"):
        return {"Federated": "<ARN of the identity provider>"}
    if ":oidc-provider/" in who or ":saml-provider/" in who:
        return {"Federated": who}
    return {"Service": who} if who.endswith(".amazonaws.com") else {"AWS": who}


def _target(case: Case, request: Request | None, layer: EditLayer) -> str:
    match layer:
        case "identity" | "boundary" | "session":
            return caller(case, request)
        case "resource":
            known = request is not None and request.resource != "*" and not requests.guessed(request)
            return (request.resource if request and known else None) or case.denial.resource or "<ARN of the resource>"
        case "endpoint":
            return case.denial.vpc_endpoint_id or "<vpce-id>"
        case "scp" | "rcp":
            return "<root, OU or account id>"


def call(how: str, title: str, *, owner: str | None = None, **differs: str) -> Fix:
    """Give a change to the call that a person makes: `how` says how, `differs` what of the request is another."""
    return Fix(
        id="",
        title=title,
        layer="call",
        applicability="has_placeholders" if any("<" in v for v in differs.values()) or not differs else "machine_applicable",
        changes=(CallEdit(how=how, **differs),),  # type: ignore[arg-type] # the keyword names are CallEdit's own text fields
        owner=owner,
    )
