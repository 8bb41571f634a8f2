"""Identity Center gives this user no such role in this account."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("no access", "getrolecredentials", "listaccountroles", "forbiddenexception", "accessdeniedexception")
INFO = CauseInfo(
    code="identity-center-assignment",
    bucket="permission",
    title="no Identity Center assignment to this account and permission set",
    text="""A user of Identity Center gets a role in an account by an assignment: user or group, permission set, account. There is none
for what was asked, or the permission set was not provisioned there again after a change.

Signs: "ForbiddenException: No access" when GetRoleCredentials is called; the account or role is missing in the access portal.

Mends it: an assignment by whoever administers Identity Center, or the right account and role name in the profile (sso_account_id,
sso_role_name).

Does not: a new login; policies of the role.""",
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html",
    example="An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access",
    related=("expired-token", "wrong-principal"),
)
SIGNS = (
    Sign(
        says="Identity Center has no assignment of this user to that account and permission set",
        words=("no access",),
        also=("getrolecredentials",),
        weight=weights.SAID + 4,
    ),
    Sign(
        says="Identity Center has no assignment of this user to that account and permission set",
        words=("forbiddenexception: no access", "forbiddenexception) no access"),
        weight=weights.SAID + 3,
    ),
    Sign(
        says="Identity Center may have no assignment of this user to that account and permission set",
        operations=("getrolecredentials", "listaccountroles"),
        errors=("forbiddenexception", "accessdeniedexception"),
        weight=weights.WORDING + 4,
    ),
)


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
