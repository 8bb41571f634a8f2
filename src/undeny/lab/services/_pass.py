"""PassRole: a check on the caller for the role that it hands to a service; no call and no event of its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from undeny.iam.arn import Arn
from undeny.lab.model import Asked


def pass_role(role_arn: str, service: str) -> Asked:
    """Ask whether the caller may pass the role to the service."""
    arn = Arn.parse(role_arn)
    context = {"iam:PassedToService": service}
    return Asked(action="iam:PassRole", resource=role_arn, account=arn.account if arn else None, context=context)
