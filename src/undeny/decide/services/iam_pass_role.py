"""A role cannot be passed to another account's service, whatever the policies say."""

from undeny.decide.call import Call
from undeny.decide.plan import Parts

NEEDS = ("iam:passrole",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"


def adapt(call: Call, parts: Parts) -> None:
    """Refuse a role of another account."""
    if call.has_identity and call.same_account is False:
        parts.forbid("a role of another account cannot be passed")
