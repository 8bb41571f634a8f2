"""The call was not made by who you think."""

from undeny.diagnose import facts, said, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.principal import Principal

INFO = CauseInfo(
    code="wrong-principal",
    bucket="credentials",
    title="the call was not made by who you think",
    text="""The credentials that signed the call belong to another principal than the one whose policies were looked at: static keys in
the credentials file or the environment win over role_arn in the profile; a pod runs with the node's role; CloudFormation, CodeBuild or
a state machine calls with its own role; a session with MFA was made and not exported.

Signs: the ARN in the message is another than expected.

Mends it: aws sts get-caller-identity in that very place, then the order of credential sources: environment, profile, container,
instance.

Does not: permissions for the principal that was meant.""",
    source="https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
    example="User: arn:aws:sts::111122223333:assumed-role/eks-node/i-0abc is not authorized to perform: s3:GetObject",
    related=("identity-missing-allow", "no-credentials"),
)
SIGNS = (
    Sign(
        says="CloudFormation called with its execution role, {who}, not with yours: that role is the one to look at",
        words=("/awscloudformation", "cfn-exec-role"),
        also=("not authorized",),
        weight=weights.USUAL + 1.2,
    ),
    Sign(
        says="the node's role called, {who}: the pod or container did not get its own",
        words=(":assumed-role/",),
        also=("/i-0", "not authorized", "node"),
        weight=weights.USUAL + 1.1,
    ),
    Sign(
        says="the root user or temporary credentials called where another principal is needed",
        words=("roles may not be assumed by root", "with session credentials"),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="other credentials than expected may have signed the call",
        words=("wrong account", "wrong credentials", "different account", "source_profile", "unexpected account", "get-caller-identity"),
        weight=weights.WORDING + 1,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By a caller in the text or event that is another than the one whose policies were given, else by the wording."""
    found = [cause for cause in (_another(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _another(case: Case) -> Cause | None:
    request, seen = facts.main(case), case.denial.principal
    if request is None or not request.principal or not seen or _same(seen, request.principal):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"the call was made by {say.who(seen)}, not by {say.who(request.principal)}, whose policies were looked at",
        element="principal",
        wanted=(request.principal,),
        got=(seen,),
        request=0,
        weight=said.AGAINST_EVIDENCE + 2.0 if facts.passes(case) else weights.USUAL + 2.0,
    )


def _same(seen: str, looked_at: str) -> bool:
    one, other = Principal.parse(seen), Principal.parse(looked_at)
    if "unknown" in (one.kind, other.kind) or not (one.account or "").isdigit() or "role_session" not in (one.kind, other.kind):
        return one.kind == "unknown" or seen == looked_at or not (one.account or "").isdigit()
    return one.account == other.account and one.name == other.name
