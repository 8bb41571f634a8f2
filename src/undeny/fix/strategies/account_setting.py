"""Switch on in the account what the call needs, or call where it is on: no policy of the caller is at fault."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import CallEdit, Fix, SettingEdit
from undeny.iam.arn import Arn

CODES = ("account-restriction", "model-access", "identity-center-assignment", "kubernetes-rbac", "lake-formation")
SOURCE = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"
SETTINGS = {
    # code: operation, parameter, what to do
    "account-restriction": (
        "account:EnableRegion",
        "RegionName",
        "switch on in the account what the message names: the Region, the service or its support plan",
    ),
    "model-access": ("bedrock:PutFoundationModelEntitlement", "modelId", "ask for access to the model in this Region"),
    "identity-center-assignment": (
        "sso:CreateAccountAssignment",
        "PermissionSetArn",
        "assign the permission set to the user or group in that account",
    ),
    "kubernetes-rbac": ("eks:CreateAccessEntry", "principalArn", "give the caller an access entry of the cluster"),
    "lake-formation": (
        "lakeformation:GrantPermissions",
        "Permissions",
        "grant the Lake Formation permission that the message names to the caller",
    ),
}
MANAGEMENT_ONLY = "organizations:"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the setting, or the call in an account or Region where it is on."""
    request = case.requests[0] if case.requests else None
    action = (request.action if request else case.denial.action or "").lower()
    if cause.code == "account-restriction" and (action.startswith(MANAGEMENT_ONLY) or _organizations(case)):
        how = "call from the organisation's management account, or as a delegated administrator: a member account gets no answer"
        return (proposals.call(how, "call from the management account", principal="<role in the management account>"),)
    there = _elsewhere(case) if cause.code == "model-access" else None
    operation, parameter, what = SETTINGS[cause.code]
    target = (request.resource if request and request.resource != "*" else None) or case.denial.resource or "<ARN>"
    edit = SettingEdit(target=target, operation=operation, before=None, after={parameter: f"<{parameter}>"})
    setting = Fix(id="", title=what, layer="setting", applicability="has_placeholders", changes=(edit,))
    return (there, setting) if there else (setting,)


def _organizations(case: Case) -> bool:
    told = " ".join(t for t in (case.denial.operation, case.denial.service, case.denial.text, case.denial.message) if t).lower()
    return "organizations" in told or "listaccounts" in told


def _elsewhere(case: Case) -> Fix | None:
    """Give the call on the same model in a Region where the evidence says that it is switched on."""
    request = case.requests[0] if case.requests else None
    wanted = Arn.parse(request.resource) if request else None
    for text, thing in case.evidence.resources.items():
        arn = Arn.parse(text)
        same = arn is not None and wanted is not None and arn.resource == wanted.resource and arn.region != wanted.region
        if arn is not None and same and (thing.settings.get("entitlementAvailability") == "AVAILABLE"):
            call = CallEdit(
                how=f"call the model in {arn.region}, where access is switched on: `AWS_REGION={arn.region}`",
                resource=text,
                context={"aws:RequestedRegion": arn.region},
            )
            return Fix(id="", title=f"call the model in {arn.region}", layer="call", applicability="machine_applicable", changes=(call,))
    return None
