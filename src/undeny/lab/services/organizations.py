"""AWS Organizations: the management account's alone, but for a few operations that any member may call.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_iam-policies.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal, Reply
from undeny.lab.services._generic import tag_keys
from undeny.lab.words import sentence, standard

MEMBERS = ("DescribeOrganization", "LeaveOrganization", "ListHandshakesForAccount", "DescribeEffectivePolicy")
FULL = ("p-FullAWSAccess", "p-RCPFullAWSAccess")


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the policy, target or organisation that the call names; a member is let in by the delegation policy alone."""
    management = state.management_account(call.caller.account)
    found = state.organization(call.caller.account)
    named = [call.parameters.get(name) for name in ("PolicyId", "TargetId", "AccountId", "OrganizationalUnitId", "RootId")]
    things = {thing.id: thing.arn for thing in [*found.policies, *found.ou, *found.accounts]} if found else {}
    arns = [things[name] for name in named if name in things]
    action, context = f"organizations:{call.operation}", dict(tag_keys(call.parameters))
    if kind := call.parameters.get("PolicyType") or call.parameters.get("Type") or call.parameters.get("Filter"):
        context["organizations:PolicyType"] = kind
    free = call.operation in MEMBERS or management in {None, call.caller.account}
    owner, policy = (call.caller.account, None) if free else (management, state.document(state.delegations.get(str(management))))
    resources = arns or [str(found.org.arn)] if not free else arns or ["*"]
    return tuple(Asked(action=action, resource=arn, account=owner, policy=policy, context=context) for arn in resources)


def before(call: Call) -> Fault | None:
    """Turn a member account away before any policy is read, unless its organisation delegates.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
    """
    management = state.management_account(call.caller.account)
    free = management in {None, call.caller.account} or call.operation in MEMBERS
    return None if free or management in state.delegations else _TURNED_AWAY


_TURNED_AWAY = Fault(
    code="AccessDeniedException", status=400, message="You don't have permissions to access this resource.", event_code="AccessDenied"
)


def words(call: Call, refusal: Refusal) -> Fault:
    """Say a member that nothing is delegated to it, in the same words as before."""
    turned_away = refusal.layer == "resource" and not refusal.explicit
    return _TURNED_AWAY if turned_away else standard(call, sentence(call, refusal), refusal)


def _put_policy(_lab: Any, call: Call) -> Any:
    state.delegations[str(call.caller.account)] = call.parameters["Content"]
    return _describe_policy(_lab, call)


def _describe_policy(_lab: Any, call: Call) -> Any:
    management = str(state.management_account(call.caller.account))
    if management not in state.delegations:
        said = "The resource policy for the organization doesn't exist."
        return Fault(code="ResourcePolicyNotFoundException", status=400, message=said)
    org = state.organization(management).org
    arn = f"arn:aws:organizations::{management}:resourcepolicy/{org.id}/rp-lab00000"
    return {"ResourcePolicy": {"ResourcePolicySummary": {"Id": "rp-lab00000", "Arn": arn}, "Content": state.delegations[management]}}


ANSWERS = {"PutResourcePolicy": _put_policy, "DescribeResourcePolicy": _describe_policy}


def attach_full_access(account: str) -> None:
    """Attach the full-access SCP and RCP wherever AWS attaches them by itself: to every unit and account.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    found = state.organization(account)
    if found is None:
        return
    fresh = [node for node in [*found.ou, *found.accounts] if node.id not in found.__dict__.setdefault("filled", set())]
    for node in fresh:
        found.filled.add(node.id)
        for policy in FULL:
            found.attach_policy(PolicyId=policy, TargetId=node.id)


def _after(call: Call, reply: Reply) -> Reply:
    attach_full_access(str(call.caller.account))
    return reply


AFTER = {"CreateOrganization": _after, "CreateAccount": _after, "CreateOrganizationalUnit": _after}
