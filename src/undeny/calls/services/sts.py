"""STS: session tags, source identity, external id."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, beside
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html"
TAGS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"
IDENTITY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"
CONTEXT = {
    "externalId": "sts:ExternalId", "roleSessionName": "sts:RoleSessionName", "sourceIdentity": "sts:SourceIdentity",
    "durationSeconds": "sts:DurationSeconds", "transitiveTagKeys": "sts:TransitiveTagKeys", "taskPolicyArn": "sts:TaskPolicyArn",
}  # fmt: skip
ASSUME = frozenset({"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"})


def hidden(call: Call) -> Iterator[Request]:
    """Give sts:TagSession and sts:SetSourceIdentity, where the session gets tags or a source identity."""
    action = call.request.action
    if action not in ASSUME and action != "sts:GetFederationToken":
        return
    names = {key.lower() for key in call.request.context}
    if any(name.startswith(("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys")) for name in names):
        yield beside(call, "sts:TagSession", call.request.resource, Reason("the session gets tags", TAGS))
    if "sts:sourceidentity" in names and action in ASSUME:
        yield beside(call, "sts:SetSourceIdentity", call.request.resource, Reason("the session gets a source identity", IDENTITY))
