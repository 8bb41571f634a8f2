"""No identity policy allows the call."""

from undeny.diagnose import blocks, facts, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="identity-missing-allow",
    bucket="permission",
    title="no identity policy allows it",
    text="""Everything is denied until a policy allows it. None of the policies of the caller (its own, its groups', inline or managed)
has a statement that allows this action on this resource under this context. The action can be a hidden one: a call that the service
makes for the caller, such as kms:Decrypt behind s3:GetObject.

The role manager's iam:AcquireRole is judged by what it does: iam:GetRole where the role is there, else iam:CreateRole with
iam:PutRolePolicy and iam:AttachRolePolicy for what the template has.

Signs: "because no identity-based policy allows the ... action"; implicitDeny in a decoded message.

Mends it: one statement for the action on the resource's own ARN, in a policy of the caller; in the same account a statement of the
resource's policy that names the caller does as well.

Does not: an allow for `*`, where the denial asked for one thing; an SCP or boundary, which only limit. Look first for an allow that is
there and fails by its condition or its ARN (condition-mismatch, wrong-resource-arn).""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
    example="User: arn:aws:iam::111122223333:user/dev is not authorized to perform: scheduler:CreateSchedule on resource: "
    "arn:aws:scheduler:eu-west-2:111122223333:schedule/default/nightly because no identity-based policy allows the "
    "scheduler:CreateSchedule action",
    related=("condition-mismatch", "wrong-resource-arn", "pass-role", "kms-key-policy"),
)
NAMED = ("no permissions boundary", "no session policy", "no vpc endpoint policy", "no service control policy", "no resource-based policy")
SIGNS = (
    Sign(
        says="{who} lacks AWS Marketplace actions that switch the model on (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)",
        words=("aws-marketplace:",),
        also=("not authorized",),
        weight=weights.SAID + 2,
        source="https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
    ),
    Sign(
        says="{who} is not authorised to call {what} on {on}; AWS does not say by whose policy; a missing allow is the commonest reason",
        words=("not authorized to perform",),
        never=("explicit deny", "assumerolewithwebidentity", "assumerolewithsaml"),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="{who} is not authorised to call {what}; AWS does not say by whose policy; a missing allow is the commonest reason",
        errors=(
            "unauthorizedoperation", "accessdeniedexception", "notauthorizedexception", "authorizationerror", "unauthorizedexception",
        ),
        never=("explicit deny",),
        weight=weights.USUAL + 4,
    ),
    Sign(
        says="{who} lacks permissions, the text says; a missing allow is the commonest reason",
        words=(
            "not authorized to", "is unauthorized to", "not authorised", "insufficient permission", "lacks permission",
            "missing permission", "does not have permission", "not have permission", "insufficient privileges", "doesn't have permission",
            "don't have permission", "not permitted", "adequate permissions",
        ),
        weight=weights.USUAL + 2,
    ),
    Sign(
        says="AWS says only that access is denied; perhaps no policy of {who} allows {what} on {on}",
        words=("access denied", "accessdenied", "access is denied", "403 forbidden", "forbidden", "(403)", "unauthorized"),
        weight=weights.USUAL + 0.3,
    ),
    Sign(says="AWS answered only 403; perhaps no policy of {who} allows {what} on {on}", status=(403,), weight=weights.USUAL + 0.3),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, by AWS's sentence, else by the wording."""
    found = (*blocks.lacking(case, "identity", INFO.code), *open_ends.unread(case, "identity", INFO.code))
    told = said.layer(case, "identity", "implicit", INFO.code) or (read(case, INFO.code, SIGNS) if _open(case) else None)
    return (*found, told) if told else found


def _open(case: Case) -> bool:
    """Tell whether AWS's sentence leaves room for it: it names no other layer, or one that speaks for two sides."""
    denial = case.denial
    if facts.by_service(denial):
        return False
    return denial.kind != "explicit" and denial.policy_type in (None, "identity_based", "resource_based", "role_trust")
