"""Service control policies of the caller's account: every level needs an Allow, none may deny.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from undeny.decide.call import Call
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out

_ROOT_TASKS = ("mechanicalturk:*", "supportplans:*", "ec2:modifyaddressattribute", "ec2:resetaddressattribute")
"""What SCPs do not keep from the root user: support plan, Mechanical Turk, reverse DNS. Trusted signers of CloudFront have no action.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
"""


def exempt(call: Call) -> bool:
    """Whether SCPs do not reach the caller: the management account's, service-linked roles, callers without an account's identity."""
    who = call.principal
    if not call.has_identity or who.is_service_linked_role:
        return True
    if who.account is not None and call.account_setting(who.account, "MasterAccountId") == who.account:
        return True
    return who.kind == "root" and call.does(*_ROOT_TASKS, *(f"{task[:-1]}{call.name}" for task in _ROOT_TASKS if task.endswith("*")))


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Make one group for each level, the root first."""
    if not policies.scp or exempt(call):
        return ABSENT
    sorted_out = [sort_out(entries, call) for entries in policies.scp]
    return Rule(denies=[check for denies, _ in sorted_out for check in denies], groups=[allows for _, allows in sorted_out])
