"""The policy of the resource does not allow the call where it must."""

from collections.abc import Iterator

from undeny.diagnose import blocks, facts, open_ends, said, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.evidence.layers import TRUST_ACTIONS

INFO = CauseInfo(
    code="resource-missing-allow",
    bucket="permission",
    title="the resource's policy does not allow it where it must",
    text="""Across accounts, for AWS services and for anonymous callers the policy of the resource itself has to allow the call: a
bucket's, queue's, topic's, function's, repository's or secret's policy. It does not, or there is none, or it names somebody else.

A Lambda function URL made since October 2025 wants two statements: lambda:InvokeFunctionUrl (with lambda:FunctionUrlAuthType) and
lambda:InvokeFunction (with lambda:InvokedViaFunctionUrl). With the first alone it answers 403, even to everyone.

Signs: "because no resource-based policy allows the ... action"; a service that delivers nothing (logs, notifications, events); "Unable
to validate the following destination configurations".

Mends it: a statement in the resource's policy for exactly this principal; for a service with aws:SourceArn and aws:SourceAccount.

Does not: more permissions for the caller alone. The owner of the resource has to make the edit.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
    example="User: anonymous is not authorized to perform: es:ESHttpPost because no resource-based policy allows the es:ESHttpPost action",
    related=("identity-missing-allow", "trust-policy", "kms-key-policy", "object-ownership"),
)
SIGNS = (
    Sign(
        says="the policy of the destination may not let the service that calls it in",
        words=("not delivered", "not invoked", "never invoked", "failedinvocations", "no log delivery", "not receiving"),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="a function URL wants two statements since October 2025: lambda:InvokeFunctionUrl and lambda:InvokeFunction; one is missing",
        words=("function url authorization", "invokefunctionurl", "urls-auth"),
        never=("explicit deny",),
        weight=weights.WORDING + 4.5,
        source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    Sign(
        says="the resource's policy may not let anonymous callers in",
        words=("function url", "static website", "static s3 website", "public bucket", "publicly"),
        never=("not authorized to perform", "explicit deny"),
        weight=weights.WORDING + 0.5,
    ),
    Sign(
        says="across accounts the resource's own policy must let {who} in as well",
        words=("cross-account", "cross account", "another account", "other account", "different account"),
        also=("denied",),
        never=("not authorized to perform", "explicit deny", "sts:"),
        weight=weights.WORDING + 0.4,
    ),
    Sign(
        says="the policy of the destination does not let the service that delivers in",
        words=(
            "unable to validate the following destination", "insufficients3bucketpolicy", "insufficientsnstopicpolicy",
            "cannot publish to", "not authorized to publish", "access denied for bucket", "could not deliver",
        ),
        weight=weights.WORDING + 3,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
    ),
    Sign(
        says="no resource-based policy allows {what}, the text says",
        words=("no resource-based policy", "no resource based policy"),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="the bucket's policy may not let CloudFront in (origin access control or identity)",
        words=("cloudfront",),
        also=("denied",),
        never=("not authorized to perform", "create_failed"),
        weight=weights.WORDING + 1,
        source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    ),
    Sign(
        says="an anonymous caller reaches {on} by its resource policy alone, and that does not allow {what}",
        words=("user: anonymous",),
        weight=weights.WORDING + 4,
    ),
    Sign(
        says="the policy of {on} may not let {who} in, which another account's queue always must",
        words=("access to the resource https://sqs", "access to the resource"),
        also=("is denied",),
        weight=weights.USUAL + 3,
    ),
    Sign(
        says="the bucket's policy may not let {who} in, which it must across accounts",
        words=("access denied", "accessdenied", "forbidden"),
        services=("s3",),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.4,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict where no special policy answers, by AWS's sentence, else by the wording."""
    possible = (*blocks.lacking(case, "resource", INFO.code), *open_ends.unread(case, "resource", INFO.code))
    found = tuple(cause for cause in possible if not _special(case, cause))
    found = (*found, *_like_main(case))
    trusted = case.denial.policy_type == "role_trust"
    if facts.by_service(case.denial) and not _elsewhere(case):
        found = (*found, _alone(case))
    told = None if trusted else said.layer(case, "resource", "implicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found


def _elsewhere(case: Case) -> bool:
    """Tell whether a key or a role is asked for, or AWS names the layer itself: other causes speak of those."""
    return (case.denial.action or "").lower().startswith(("kms:", "sts:", "iam:")) or bool(case.denial.policy_type) or facts.read(case)


def _alone(case: Case) -> Cause:
    """Speak of the resource's policy, for a service has none of its own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
    """
    summary = say.fill(case, "{who} is an AWS service: only the policy of {on} can let it call {what}")
    return Cause(code=INFO.code, certainty="likely", summary=summary, layer="resource", weight=weights.WORDING + 4)


def _like_main(case: Case) -> Iterator[Cause]:
    """Speak of the resource's policy where the call itself lives off it alone, and a request that goes with the call is not in it."""
    own = case.verdicts[0].layers if case.verdicts else {}
    if own.get("identity") != "implicitly_denied" or own.get("resource") != "allowed":
        return
    for index, request, verdict in facts.denied(case):
        if index == 0 or "identity" not in verdict.blocked_by or request.action.lower().startswith(("kms:", "sts:", "iam:")):
            continue
        policy = blocks.policy_name("resource", request)
        yield Cause(
            code=INFO.code,
            certainty=blocks.of_missing(case, index),
            summary=f"{say.call(case.requests[0])} is allowed by the {policy} alone, and that lacks {request.action}",
            layer="resource",
            request=index,
            weight=blocks.heavy(case, index, "resource", 1.0),
        )


def _special(case: Case, cause: Cause) -> bool:
    request = case.requests[cause.request or 0]
    return request.action.lower() in TRUST_ACTIONS or request.action.lower().startswith("kms:") or facts.main(case) is None
