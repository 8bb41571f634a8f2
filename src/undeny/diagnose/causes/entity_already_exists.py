"""The name is taken."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("exist", "already", "duplicate", "resourceinuse")
INFO = CauseInfo(
    code="entity-already-exists",
    bucket="call",
    title="the name is taken",
    text="""A thing of that name exists already, in the account or, for buckets, anywhere. No policy was at fault.

Signs: EntityAlreadyExists, BucketAlreadyExists, BucketAlreadyOwnedByYou, ResourceConflictException.

Mends it: importing the thing into the code that wants to make it, another name, or removing the old one.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    example="An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name app already exists.",
    related=("quota-count", "call-not-supported"),
)
SIGNS = (
    Sign(
        says="a thing of that name exists already",
        errors=(
            "entityalreadyexists", "entityalreadyexistsexception", "bucketalreadyexists", "bucketalreadyownedbyyou",
            "alreadyexistsexception", "resourcealreadyexistsexception", "repositoryalreadyexistsexception", "dbinstancealreadyexists",
            "queuealreadyexists", "resourceexistsexception", "invalidgroup.duplicate", "invalidkeypair.duplicate",
            "invalidpermission.duplicate", "alreadyexists", "queuenameexists", "usernameexistsexception",
        ),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="a thing of that name exists already",
        endings=("alreadyexists", "alreadyexistsexception", "alreadyexistsfault", "existsexception", "alreadyexistserror"),
        never=("explicit deny", "notexistsexception", "not exist"),
        weight=weights.BEFORE_POLICY - 0.5,
        certainty="stated",
    ),
    Sign(
        says="a thing of that name exists already",
        words=("already exists", "already exist", "name is already in use", "already owned by you"),
        never=("explicit deny", "not authorized"),
        weight=weights.BEFORE_POLICY - 1,
        certainty="stated",
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
