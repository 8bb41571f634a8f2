"""The role's trust policy does not let this caller in."""

from collections.abc import Iterator

from undeny import decide
from undeny.calls.model import Request
from undeny.diagnose import blocks, facts, open_ends, said, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.evidence.layers import TRUST_ACTIONS
from undeny.evidence.model import Policy

INFO = CauseInfo(
    code="trust-policy",
    bucket="permission",
    title="the role's trust policy does not let this principal in",
    text="""A role is assumed only if its trust policy allows the principal, the token or the service that asks: the wrong account,
service or identity provider is named, sts:TagSession is missing where session tags are passed (Pod Identity always passes some), or the
principal was deleted and made again, which leaves an AROA... or AIDA... id in the policy.

Pod Identity wants pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession; an entitlement of the account access manager wants
account-access.amazonaws.com with sts:AssumeRole, sts:SetContext and sts:TagSession. A role that a pod has by Pod Identity carries
transitive tags, so a role that it assumes next must allow sts:TagSession too.

Signs: "Not authorized to perform sts:AssumeRoleWithWebIdentity"; "is not authorized to perform: sts:AssumeRole" or "sts:TagSession";
"because no role trust policy allows the sts:AssumeRole action".

Mends it: the trust policy of the role; across accounts the caller needs an identity allow on the role's ARN as well.

Does not: permissions policies of the role that is to be assumed. An allow that fails by its condition is condition-mismatch.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html",
    example="An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity",
    related=("condition-mismatch", "identity-missing-allow", "propagation"),
)
SIGNS = (
    Sign(
        says="the role's trust policy may not let {who} in, or its own policy lacks sts:AssumeRole",
        words=("assuming a role", "assuming role", "assume role", "assume a role", "assume the role", "assumerole"),
        also=("denied",),
        never=("explicit deny", "root accounts"),
        weight=weights.WORDING + 3,
    ),
    Sign(
        says="no role trust policy lets {who} in, the text says",
        words=("role trust policy allows", "no role trust policy"),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="the role's trust policy does not take this token: another provider, or a condition on its subject or audience",
        words=("assumerolewithwebidentity", "assumerolewithsaml"),
        also=("not authorized",),
        weight=weights.WORDING + 6,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    ),
    Sign(
        says="the account has no identity provider for the issuer of this token, so no trust policy can take it",
        words=("no openidconnect provider found",),
        weight=weights.BEFORE_POLICY - 2,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    ),
    Sign(
        says="session tags are passed, and the role's trust policy (or the caller's policy) lacks sts:TagSession",
        words=("perform: sts:tagsession", "perform sts:tagsession", "sts:setsourceidentity"),
        weight=weights.WORDING + 6,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required",
    ),
    Sign(
        says="{who} may not assume {on}: the role's trust policy does not name it, or its own policy lacks sts:AssumeRole",
        words=(
            "perform: sts:assumerole", "perform sts:assumerole", "authorized to assume", "could not assume role", "cannot assume role",
            "unable to assume", "perform assumerole", "failed to assume role",
        ),
        weight=weights.WORDING + 4,
    ),
    Sign(
        says="EKS cannot assume the role for the pod: its trust policy lacks pods.eks.amazonaws.com with AssumeRole and TagSession",
        words=("eks does not have permissions to assume", "permissions to assume the associated role"),
        weight=weights.SAID + 4,
        source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    ),
    Sign(
        says="the role cannot be assumed by the service: its trust policy does not name it, or the role is too new",
        words=("cannot be assumed", "does not have a trust relationship", "trust relationship", "trust policy"),
        weight=weights.WORDING + 2,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict on a request to assume or tag, by AWS's sentence, else by the wording."""
    possible = (*blocks.lacking(case, "resource", INFO.code, 5.0), *open_ends.unread(case, "resource", INFO.code))
    found = tuple(cause for cause in possible if _asks(case, cause))
    found = (*found, *_passed(case))
    trusted = case.denial.policy_type == "role_trust"
    told = said.layer(case, "resource", "implicit", INFO.code) if trusted else None
    told = told or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found


def _passed(case: Case) -> Iterator[Cause]:
    """Look at the trust policy of a role that the call hands to a service."""
    for index, request in enumerate(case.requests):
        service = request.context.get("iam:PassedToService")
        role = case.evidence.resources.get(request.resource)
        if request.action.lower() != "iam:passrole" or not isinstance(service, str) or role is None or not isinstance(role.policy, Policy):
            continue
        asks = Request(principal=service, action="sts:AssumeRole", resource=request.resource, resource_account=request.resource_account)
        if decide.decide(asks, case.evidence, main=case.requests[0]).decision in facts.DENIED:
            yield Cause(
                code=INFO.code,
                certainty="likely",
                summary=f"the trust policy of {say.who(request.resource)} does not let {service} assume it",
                layer="resource",
                request=index,
                weight=weights.FACT + 8.0,
            )


def _asks(case: Case, cause: Cause) -> bool:
    return case.requests[cause.request or 0].action.lower() in TRUST_ACTIONS
