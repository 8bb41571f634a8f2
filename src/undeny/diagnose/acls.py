"""S3's own gates: who owns an object, what its ACL says, what Block Public Access refuses."""

import json
from collections.abc import Mapping
from typing import Any

from undeny.diagnose import facts
from undeny.diagnose.model import Case

EVERYONE = ("http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups"""


def bucket_settings(case: Case) -> Mapping[str, Any]:
    """Give what was read of the bucket of the user's own request."""
    request = facts.main(case)
    arn = facts.bucket_arn(request.resource) if request else None
    return facts.settings(case, arn) if arn else {}


def object_settings(case: Case) -> Mapping[str, Any]:
    """Give what was read of the object of the user's own request."""
    request = facts.main(case)
    return facts.settings(case, request.resource) if request else {}


def owners(case: Case) -> tuple[str | None, str | None]:
    """Give the canonical ids of the object's and of the bucket's owner, `None` where not read."""
    return _owner(object_settings(case)), _owner(bucket_settings(case))


def _owner(held: Mapping[str, Any]) -> str | None:
    owner = held.get("Owner")
    return owner.get("ID") if isinstance(owner, Mapping) else None


def enforced(case: Case) -> bool:
    """Tell whether the bucket has ACLs switched off."""
    held = bucket_settings(case)
    return "BucketOwnerEnforced" in json.dumps([held.get("ObjectOwnership"), held.get("OwnershipControls")])


def public(case: Case) -> bool:
    """Tell whether the object's ACL was read and has a grant for everyone."""
    grants = object_settings(case).get("Grants")
    return isinstance(grants, list | tuple) and not private(case)


def private(case: Case) -> bool:
    """Tell whether the object's ACL was read and has no grant for everyone."""
    grants = object_settings(case).get("Grants")
    if not isinstance(grants, (list, tuple)):
        return False
    return not any((grant.get("Grantee") or {}).get("URI") in EVERYONE for grant in grants)


def decided(case: Case) -> bool:
    """Tell whether the verdict on the user's request already counts the object's owner: it blocks there by the resource side."""
    verdict = case.verdicts[0] if case.verdicts else None
    return verdict is not None and any("own" in note.lower() for note in verdict.notes)


def sent(case: Case) -> str | None:
    """Give the canned ACL that the call sends."""
    request = facts.main(case)
    if request is None:
        return None
    told = [*request.context.items(), *request.parameters.items(), *(case.denial.parameters or {}).items()]
    for name, value in told:
        if name.lower() in ("s3:x-amz-acl", "x-amz-acl", "acl") and value:
            return str(value[0] if isinstance(value, (list, tuple)) else value)
    return None


def blocks(case: Case, setting: str) -> bool:
    """Tell whether Block Public Access has `setting` on, on the bucket or its account."""
    request = facts.main(case)
    account = f"arn:aws:iam::{request.resource_account}:root" if request and request.resource_account else ""
    for held in (bucket_settings(case), facts.settings(case, account)):
        config = held.get("PublicAccessBlockConfiguration")
        if isinstance(config, Mapping) and str(config.get(setting)).lower() == "true":
            return True
    return False


def public_policy(case: Case) -> bool | None:
    """Tell whether the bucket policy that the call sends is public; `None` where it is not known what it sends.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
    """
    request = facts.main(case)
    parameters = {**(case.denial.parameters or {}), **(request.parameters if request else {})}
    policy = parameters.get("bucketPolicy") or parameters.get("Policy") or parameters.get("policy")
    if isinstance(policy, str) and policy.strip():
        try:
            policy = json.loads(policy)
        except ValueError:
            return None
    if not isinstance(policy, Mapping):
        return None
    statements = policy.get("Statement") or ()
    listed = statements if isinstance(statements, (list, tuple)) else (statements,)
    return any(_opens(statement) for statement in listed if isinstance(statement, Mapping))


def _opens(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow" or statement.get("Condition"):
        return False
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return named == "*" or (isinstance(named, (list, tuple)) and "*" in named)
