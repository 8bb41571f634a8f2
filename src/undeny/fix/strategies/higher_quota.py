"""Ask for a higher quota, as command and as Terraform, or take away what is not needed."""

from undeny.diagnose import quotas
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.quotas import Known
from undeny.fix import proposals
from undeny.fix.model import CallEdit, Fix, SettingEdit

CODES = ("quota-count",)
SOURCE = "https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html"
TERRAFORM = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/servicequotas_service_quota"
UNKNOWN = (
    'find its code: aws service-quotas list-service-quotas --service-code <service> --query "Quotas[].[QuotaCode,QuotaName,Value]"\n'
    "aws service-quotas request-service-quota-increase --service-code <service> --quota-code <code> --desired-value <value>"
)


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose what can go first, then the request for more where the quota can be raised."""
    del cause
    known = quotas.of_case(case)
    if known is None:
        edit = SettingEdit(
            target="<account>", operation="servicequotas:RequestServiceQuotaIncrease", before=None, after={"QuotaCode": "<QuotaCode>"}
        )
        asked = Fix(
            id="",
            title="ask for a higher quota, or delete what is not used",
            layer="setting",
            applicability="has_placeholders",
            changes=(edit,),
        )
        return (asked, proposals.call(UNKNOWN, "find the quota, and ask for more as a command"))
    frees = proposals.call(_frees(known), f"take away {known.quota.frees.partition(':')[0]}")
    if known.quota.code is None or known.adjustable is False:
        return (frees,)
    return (_raised(known), frees)


def _frees(known: Known) -> str:
    held = "".join(f"\n{one}" for one in known.held_by[:12])
    return f"{known.quota.frees}{held}"


def _desired(known: Known) -> str:
    """Give a value to ask for: half as much again, or a placeholder where nobody knows the present one."""
    return f"{max(known.value * 1.5, known.value + 1):.0f}" if known.value else "<value>"


def _raised(known: Known) -> Fix:
    before = {"Value": known.value} if known.value is not None else None
    after = {"ServiceCode": known.quota.service, "QuotaCode": known.quota.code, "DesiredValue": _desired(known)}
    edit = SettingEdit(
        target=f"{known.quota.service}/{known.quota.code}",
        operation="servicequotas:RequestServiceQuotaIncrease",
        before=before,
        after=after,
    )
    title = f"ask for more of {known.quota.name} ({known.quota.service} {known.quota.code})"
    return Fix(id="", title=title, layer="setting", applicability="has_placeholders", changes=(edit, _as_code(known)))


def _as_code(known: Known) -> CallEdit:
    """Give the same request as a command, and as Terraform."""
    region = f" --region {known.region}" if known.region else ""
    value = _desired(known)
    how = (
        f"aws service-quotas request-service-quota-increase --service-code {known.quota.service} --quota-code {known.quota.code}"
        f" --desired-value {value}{region}\n"
        f'resource "aws_servicequotas_service_quota" "this" {{\n'
        f'  service_code = "{known.quota.service}"\n'
        f'  quota_code   = "{known.quota.code}"\n'
        f"  value        = {value}\n"
        f"}}"
    )
    return CallEdit(how=how)
