"""What makes a policy for everyone not public: it asks for a fixed value of a key that tells callers apart.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

import re
from collections.abc import Mapping, Sequence

from undeny.iam import operators, variables
from undeny.iam.arn import Arn
from undeny.prove.containment import keys
from undeny.prove.containment.keys import Condition, Domain

KEYS = frozenset({
    "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourcearn",
    "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce",
    "aws:userid", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:ec2instancesourcevpc", "kms:calleraccount",
    "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "elasticfilesystem:accesspointarn", "elasticfilesystem:accessedviamounttarget", "sns:endpoint-account",
})  # fmt: skip
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html and the pages on S3, KMS and EFS."""
BROADEST = {4: 8, 6: 32}
"""A range of addresses with a shorter prefix is as good as none, but for private ranges."""


def domains(conditions: Sequence[Condition]) -> Mapping[str, Domain]:
    """Say what the public can send: of a trusted key any value but the fixed ones that the policy asks for."""
    found = {}
    for key in {wanted.key for wanted in conditions} & KEYS:
        about = [wanted for wanted in conditions if wanted.key == key]
        fixed = [(one, False) for wanted in about if (one := _fixed(wanted)) is not None]
        known = keys.domain(key, conditions)
        found[key] = Domain(absent=True, several=known.several, within=known.within, besides=tuple(fixed))
    return found


def _fixed(wanted: Condition) -> Condition | None:
    """Give a condition that is met by just the fixed values among those wanted."""
    if wanted.kind == "null":
        return None
    values = tuple(value for value in wanted.values if _is_fixed(wanted, value))
    equal = "StringLike" if wanted.wildcards else "StringEquals"
    operator = {"string": equal, "arn": "ArnLike", "ip": "IpAddress"}.get(wanted.kind, "Bool")
    if not values or wanted.kind not in ("string", "arn", "ip", "bool"):
        return None
    return Condition(key=wanted.key, operator=operator, kind=wanted.kind, values=values, wildcards=wanted.wildcards, fold=wanted.fold)


def _is_fixed(wanted: Condition, value: str) -> bool:
    if wanted.variables and variables.has_variable(value):
        return False
    if wanted.kind == "ip":
        network = operators.network(value)
        return network is not None and (network.prefixlen >= BROADEST[network.version] or network.is_private)
    if wanted.kind == "bool":
        return operators.boolean(value) is True
    if not wanted.wildcards or not {"*", "?"} & set(value):
        return True
    if wanted.key == "aws:userid":  # a role's unique id, and any session of it
        return re.fullmatch(r"AROA[A-Z0-9]{4,}:\*", value) is not None
    arn = Arn.parse(value)
    if arn is not None and arn.account is not None and len(arn.account) == 12 and arn.account.isdigit():
        return True
    organization, _, path = value.partition("/")
    return wanted.key.endswith("orgpaths") and bool(path) and organization.startswith("o-") and not {"*", "?"} & set(organization)
