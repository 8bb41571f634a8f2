"""An allow is there, for another ARN."""

from undeny.diagnose import blocks, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="wrong-resource-arn",
    bucket="permission",
    title="an allow is there for another ARN",
    text="""The action is allowed, on an ARN that is not the one the call is judged on: the bucket and not its objects (or the
reverse), a table and not its index, a log group without `:*`, a secret without the six characters at its end, another Region, account
or partition, an IAM path left out, a bucket where the request went through an access point, a foundation model where it went through an
inference profile.

Signs: the action stands in the policy, the text says that nothing allows it.

Mends it: the ARN that the denial names, in the same statement.

Does not: adding the action again; `*` as the resource, unless the action knows no other.""",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    example="User: arn:aws:sts::111122223333:assumed-role/indexer/x is not authorized to perform: dynamodb:Query on resource: "
    "arn:aws:dynamodb:us-west-2:111122223333:table/claims/index/by-date because no identity-based policy allows the dynamodb:Query"
    " action",
    related=("identity-missing-allow", "condition-mismatch", "pass-role"),
)
SIGNS = (
    Sign(
        says="an allow may be there for the objects of the bucket (`/*`) and not for the bucket itself",
        operations=("headbucket", "listobjects", "listobjectsv2", "listbucket"),
        words=("denied", "forbidden", "403"),
        never=("not authorized to perform",),
        weight=weights.USUAL + 0.2,
    ),
    Sign(
        says="an allow may be there for the bucket or table, and not for what is in it",
        words=("index", "log-group", "createlogstream", "putlogevents", "secret", "listing works", "access point"),
        also=("denied",),
        never=("not authorized to perform", "explicit deny", "secrets or registry", "kms"),
        weight=weights.USUAL + 0.25,
    ),
    Sign(
        says="an allow may be there for the foundation model and not for the inference profile, or the reverse: both are asked",
        words=("inference profile", "inference-profile"),
        never=("explicit deny",),
        weight=weights.WORDING + 1,
        source="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    Sign(
        says="an allow for {what} may be there for another ARN than {on}",
        words=("no identity-based policy allows", "is not authorized to perform"),
        never=("explicit deny", "no permissions boundary", "no session policy", "no vpc endpoint policy", "no service control policy"),
        weight=weights.USUAL + 0.5,
    ),
    Sign(
        says="an allow may be there for the bucket and not its objects, or the reverse",
        words=("access denied", "accessdenied", "forbidden"),
        services=("s3",),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.45,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict: allows of the action whose resource does not match; by the wording it is only a possibility."""
    told = read(case, INFO.code, SIGNS)
    return (*blocks.other_arn(case, INFO.code), told) if told else blocks.other_arn(case, INFO.code)
