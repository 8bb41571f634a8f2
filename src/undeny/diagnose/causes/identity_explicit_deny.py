"""An identity policy denies the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="identity-explicit-deny",
    bucket="permission",
    title="an identity policy denies it",
    text="""A Deny statement in one of the caller's own policies applies. A Deny beats every Allow, whoever wrote it.

Signs: "with an explicit deny in an identity-based policy", now and then with the policy's ARN; explicitDeny in a decoded message.
Typical ones deny without MFA, outside some addresses or Regions, or without a tag or a permissions boundary. A Deny on
aws:ViaAWSMCPService or aws:CalledViaAWSMCP stops agents that call through AWS's MCP servers: the same call made directly passes.

Mends it: making the call as the Deny wants it (with MFA, from there, with the tag), or an exception in the Deny, which is for its
owner.

Does not: another Allow.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html",
    example="User: arn:aws:iam::111122223333:user/dev is not authorized to perform: athena:StartQueryExecution with an explicit deny in an"
    " identity-based policy",
    related=("quarantined-key", "scp-explicit-deny", "boundary-explicit-deny"),
)
SIGNS = (
    Sign(
        says="a policy of {who} may deny everything without MFA: long-term keys carry none",
        words=("mfa", "multi-factor", "multifactor"),
        also=("denied",),
        never=("multifactorauthentication failed",),
        weight=weights.WORDING + 2,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html",
    ),
    Sign(
        says="a policy of {who} may deny {what}: the text does not say",
        errors=("unauthorizedoperation",),
        never=("explicit deny",),
        weight=weights.USUAL,
    ),
    Sign(
        says="AWS speaks of an explicit deny and not of whose: a policy of {who} may deny {what}",
        words=("explicit deny", "explicitly denies", "explicitly denied", "explicitdeny"),
        never=("service control policy", "resource control", "permissions boundary", "session policy", "endpoint policy", "resource-based"),
        weight=weights.WORDING - 1.0,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, by AWS's sentence, else by the wording."""
    found = (*blocks.denying(case, "identity", INFO.code), *open_ends.may_deny(case, "identity", INFO.code))
    told = said.layer(case, "identity", "explicit", INFO.code) or (read(case, INFO.code, SIGNS) if not case.denial.policy_type else None)
    return (*found, told) if told else found
