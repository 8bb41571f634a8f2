"""The key's policy lets the caller in neither itself nor through the account."""

from undeny.diagnose import blocks, facts, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="kms-key-policy",
    bucket="permission",
    title="the KMS key's policy does not let the caller in",
    text="""A KMS key is used only by whom its key policy names, or, if that policy delegates to the account
(arn:aws:iam::ACCOUNT:root) for the action, by whom identity policies of that account allow. Here it does neither. S3, SNS, SQS, EBS,
Secrets Manager and others call KMS for the caller, and tell only "Access Denied".

Signs: "Access to KMS is not allowed"; KMS.AccessDeniedException in delivery logs; reads or writes of encrypted things that fail
although the bucket's or queue's policy is right.

Mends it: a statement in the key policy for the principal or the service, best with kms:ViaService; across accounts an identity allow as
well. The policy of an AWS managed key (alias/aws/...) cannot be edited: use a customer managed key instead.

Does not: more S3, SNS or SQS permissions; an identity allow, where the key policy does not delegate.""",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html",
    example="AccessDeniedException: Access to KMS is not allowed",
    related=("kms-grant", "identity-missing-allow", "condition-mismatch"),
)
SIGNS = (
    Sign(
        says="the key of the destination may not let the service that delivers in",
        words=("destination configurations", "not delivered", "failedinvocations", "cannot publish"),
        weight=weights.USUAL + 2,
    ),
    Sign(
        says="the key behind {on} does not let {who} in: the service calls KMS for the caller",
        words=("access to kms is not allowed", "kms.accessdenied", "kmsaccessdenied", "kms access denied", "kms exception"),
        weight=weights.WORDING + 5,
        source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html",
    ),
    Sign(
        says="the key is missing, in another Region, or its policy lets {who} not in: KMS does not say which",
        words=("the ciphertext refers to a customer master key", "refers to a customer master key that does not exist"),
        weight=weights.WORDING + 3,
    ),
    Sign(
        says="the key is missing or switched off, or its policy does not let {who} in, which the service that uses it for the caller needs",
        words=(
            "kmskeynotaccessible",
            "kms key not accessible",
            "kms key is not accessible",
            "is not enabled or you do not have permission",
            "inaccessible kms key",
            "unable to access the kms key",
            "cannot access the kms key",
            "does not have access to the kms key",
            "not able to access the kms key",
            "insufficient permissions to access the kms key",
            "kmsinvalidstate",
            "kms key does not exist or is not allowed",
            "kms key is not allowed",
            "is not allowed to be used with",
        ),
        weight=weights.WORDING + 4,
    ),
    Sign(
        says="the key's policy may not let {who} call {what}",
        words=("perform: kms:", "perform kms:"),
        weight=weights.WORDING + 1.5,
    ),
    Sign(
        says="the bucket's default key may not let {who} in: S3 calls KMS and hides the reason",
        words=("access denied", "accessdenied", "forbidden"),
        operations=("putobject", "getobject", "headobject", "copyobject", "createmultipartupload", "uploadpart", "completemultipartupload"),
        never=("not authorized to perform",),
        weight=weights.USUAL,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    ),
    Sign(
        says="a KMS key may not let {who} in",
        words=("kms", "encrypted with", "customer managed key", "decrypt"),
        also=("denied",),
        never=("no identity-based policy",),
        weight=weights.USUAL + 1,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict on a KMS request; where only the identity allow is missing, the key policy could give it as well."""
    own = [cause for cause in blocks.lacking(case, "resource", INFO.code, 2.0) if _on_key(case, cause)]
    found = [_managed(case, cause) if _is_managed(case, cause) else cause for cause in own]
    found += [cause for cause in open_ends.unread(case, "resource", INFO.code) if _on_key(case, cause)]
    found += [
        _instead(cause) for cause in blocks.lacking(case, "identity", INFO.code, -1.0) if _on_key(case, cause) and _delegates(case, cause)
    ]
    if case.denial.action and case.denial.action.lower().startswith("kms:"):
        told = said.layer(case, "resource", "implicit", INFO.code)
        if told:
            return (*found, told)
    worded = read(case, INFO.code, SIGNS)
    return (*found, worded) if worded else tuple(found)


def _on_key(case: Case, cause: Cause) -> bool:
    return case.requests[cause.request or 0].action.lower().startswith("kms:")


def _delegates(case: Case, cause: Cause) -> bool:
    return case.verdicts[cause.request or 0].layers.get("resource") == "allowed"


def _is_managed(case: Case, cause: Cause) -> bool:
    held = facts.settings(case, case.requests[cause.request or 0].resource)
    return held.get("KeyManager") == "AWS" or str(held.get("AliasName")).startswith("alias/aws/")


def _managed(case: Case, cause: Cause) -> Cause:
    """https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key"""  # noqa: D400 - an address is the whole docstring
    alias = facts.settings(case, case.requests[cause.request or 0].resource).get("AliasName") or "the AWS managed key"
    return Cause(
        code=cause.code,
        certainty=cause.certainty,
        summary=f"{cause.summary}; {alias} is an AWS managed key, whose policy cannot be edited",
        layer=cause.layer,
        because=cause.because,
        request=cause.request,
        weight=cause.weight + 5.0,
    )


def _instead(cause: Cause) -> Cause:
    return Cause(
        code=cause.code,
        certainty="likely",
        summary=f"the key policy leaves it to the account, and {cause.summary}",
        layer="resource",
        because=cause.because,
        request=cause.request,
        weight=cause.weight,
    )
