"""What the commonest condition keys mean in words, so that a summary reads like a sentence."""

from collections.abc import Mapping

from undeny import catalog
from undeny.decide.model import Miss
from undeny.diagnose import say

WITH: Mapping[str, str] = {
    "s3:x-amz-server-side-encryption": "with {wanted} encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "under the key {wanted}",
    "s3:x-amz-acl": "with the ACL {wanted}",
    "s3:prefix": "under the prefix {wanted}",
    "aws:sourceip": "from {wanted}",
    "aws:vpcsourceip": "from {wanted} in the VPC",
    "aws:sourcevpce": "through the endpoint {wanted}",
    "aws:sourcevpc": "from the VPC {wanted}",
    "aws:requestedregion": "in {wanted}",
    "aws:sourcearn": "for {wanted}",
    "aws:sourceaccount": "for account {wanted}",
    "aws:principalorgid": "for callers in organisation {wanted}",
    "aws:resourceorgid": "on resources of organisation {wanted}",
    "iam:passedtoservice": "to {wanted}",
    "iam:awsservicename": "for {wanted}",
    "iam:permissionsboundary": "with the permissions boundary {wanted}",
    "kms:viaservice": "through {wanted}",
    "sts:externalid": "with the external id {wanted}",
}
"""What follows "only" in a sentence, by key in lower case."""

NEGATED = ("not",)
AGENTS = ("aws:viaawsmcpservice", "aws:calledviaawsmcp")
"""Keys of calls that agents make: https://docs.aws.amazon.com/agent-toolkit/latest/userguide/security_iam_id-based-policy-examples.html."""


def clause(miss: Miss) -> str:
    """Say what the policy asks for: `only with `aws:kms` encryption`."""
    key, wanted = miss.key or "", say.many(miss.wanted)
    operator = (miss.operator or "").lower()
    if operator == "null":
        return f"only where {key} is {'absent' if miss.wanted[:1] == ('true',) else 'there'}"
    if key.lower() == "aws:multifactorauthpresent":
        return "only with MFA" if "true" in miss.wanted else "only without MFA"
    if key.lower() in WITH and not any(word in operator for word in NEGATED):
        return f"only {WITH[key.lower()].format(wanted=wanted)}"
    if key.lower().endswith(":sub"):
        return f"only with a token whose subject is {wanted}"
    if key.lower().endswith(":aud"):
        return f"only with a token made for {wanted}"
    return f"only where {key} {verb(operator)} {wanted}"


def telling(held: tuple[Miss, ...]) -> Miss | None:
    """Give the condition of a deny that says most: the exception that the call does not meet, else the first."""
    spares = [one for one in held if any(word in (one.operator or "").lower() for word in NEGATED)]
    return next(iter(spares or held), None)


def since(held: Miss) -> str:
    """Say why a deny applies, by a condition that held: what would have spared the call, or what the call had."""
    key, operator = held.key or "", (held.operator or "").lower()
    if operator == "null":
        return f"unless {key} is {'there' if held.wanted[:1] == ('true',) else 'absent'}"
    if key.lower() in AGENTS and not any(word in operator for word in (*NEGATED, "null")) and "false" not in held.wanted:
        return "when an agent makes it through AWS's MCP server, as here"
    if key.lower() == "aws:multifactorauthpresent" and "false" in held.wanted:
        return "unless it is made with MFA, and this call was not"
    if any(word in operator for word in NEGATED):
        wanted = say.many(held.wanted)
        spared = WITH[key.lower()].format(wanted=wanted) if key.lower() in WITH else f"{key} {verb(operator.replace('not', ''))} {wanted}"
        return f"unless {spared}, {had(held)}"
    return f"since {key} is {say.many(held.got)}" if held.got else f"since this call carries no {key}"


def verb(operator: str) -> str:
    """Say an operator in words."""
    plain = operator.rpartition(":")[2].removesuffix("ifexists")
    if "not" in plain:
        return "is not"
    if plain.endswith("like"):
        return "is like"
    if "lessthan" in plain or "greaterthan" in plain:
        return f"is {'less' if 'less' in plain else 'more'} than{' or equal to' if plain.endswith('equals') else ''}"
    return "is"


def had(miss: Miss) -> str:
    """Say what the call had: ``this call sent `AES256` ``, or that it had nothing."""
    key = (miss.key or "").lower()
    if miss.unknown:
        return f"and what this call had for {miss.key} is not known"
    if not miss.got:
        return "and this call was made without MFA" if key == "aws:multifactorauthpresent" else f"and this call carries no {miss.key}"
    if key.endswith(":sub"):
        return f"and this token's subject is {say.many(miss.got)}"
    if key.endswith(":aud"):
        return f"and this token was made for {say.many(miss.got)}"
    return f"and this call {'sent' if key.startswith('s3:') else 'had'} {say.many(miss.got)}"


def pitfall(miss: Miss, action: str) -> str | None:
    """Name a well-known reason why such a condition fails on this action; `None` where nothing is typical."""
    operator, key = (miss.operator or "").lower(), (miss.key or "").lower()
    if operator.rpartition(":")[2].startswith("stringequals") and any("*" in value or "?" in value for value in miss.wanted):
        return "StringEquals takes `*` literally; StringLike reads it as a wildcard (IAM guide, condition operators)"
    got = miss.got or ()
    if key.endswith("actions.githubusercontent.com:sub") and any("@" in value for value in got) and not any("@" in w for w in miss.wanted):
        return "GitHub's subject now carries the ids of owner and repository (owner@id/repo@id), which the policy does not have"
    if key.startswith(("aws:principalorg", "aws:principalaccount", "aws:principalarn", "aws:principaltag")) and not got:
        return "services and web identities carry no aws:Principal keys; aws:SourceAccount or aws:SourceOrgID say whose calls they are"
    if "resourcetag/" in key and not got and action.lower().startswith("s3:"):
        return "a bucket's tags count as aws:ResourceTag only where attribute-based access control is switched on for that bucket"
    if "resourcetag/" in key and not got:
        return "a thing that is being created, or is not tagged yet, has no aws:ResourceTag; aws:RequestTag is what the call sends"
    return f"{action} knows no {miss.key}, so that condition never holds" if not got and _unknown_to(action, key) else None


def _unknown_to(action: str, key: str) -> bool:
    """Tell whether the action's own list of keys lacks this one: only for keys of that very service.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    known = catalog.action(action)
    if known is None or key.partition(":")[0] != known.prefix or "/" in key:
        return False
    listed = {one.lower() for one in known.condition_keys}
    listed |= {one.lower() for resource in known.resources for one in resource.condition_keys}
    return bool(listed) and key not in listed
