"""`ForAllValues` and `ForAnyValue`: an allow that holds without the key, and keys that hold one value or several.

`ForAllValues` is true where the key is absent or empty: an Allow with it alone lets in every call without the key.
"""

from collections.abc import Iterator

from undeny import catalog
from undeny.iam.conditions import read_operator
from undeny.iam.model import Document, Statement
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "ec2:CreateTags",
                    "Resource": "*",
                    "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}},
                }
            ],
        },
        "identity",
        ("for-all-values-without-null",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": "o-a"}}}
            ],
        },
        "identity",
        ("set-operator-on-single-value",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "team"}}}
            ],
        },
        "identity",
        ("several-values-without-set-operator",),
    ),
)


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Look at each condition's quantifier beside its key."""
    del kind
    for statement, condition, path in shared.conditions(document):
        written = read_operator(condition.operator)
        known = catalog.condition_key(condition.key)
        if written is None:
            continue
        if written.quantifier == "all" and statement.effect == "Allow" and not _asks_for(statement, condition.key):
            message = f"`{condition.operator}` holds where `{condition.key}` is absent: this allow lets in every call without it"
            helps = (f'add "Null": {{"{condition.key}": "false"}}',)
            yield Spot(code="for-all-values-without-null", message=message, path=path[:-1], help=helps, level="warning", name=True)
        if known is None or written.operator.type == "null":
            continue
        if written.quantifier is not None and not known.multivalued:
            message = f"`{condition.key}` has one value: `{condition.operator}` misleads"
            helps = (f"write `{condition.operator.rpartition(':')[2]}`",)
            yield Spot(code="set-operator-on-single-value", message=message, path=path[:-1], help=helps, level="warning", name=True)
        if written.quantifier is None and known.multivalued:
            message = f"`{condition.key}` can have several values, of which `{condition.operator}` says nothing certain"
            helps = (f"write `ForAnyValue:{condition.operator}` or `ForAllValues:{condition.operator}`",)
            yield Spot(code="several-values-without-set-operator", message=message, path=path[:-1], help=helps, level="warning", name=True)


def _asks_for(statement: Statement, key: str) -> bool:
    """Whether the statement asks for the key to be there in another condition."""
    for condition in statement.condition:
        written = read_operator(condition.operator)
        if written is None or condition.key.lower() != key.lower():
            continue
        if written.operator.type == "null" and all(value.lower() == "false" for value in condition.values):
            return True
        if written.quantifier == "any" and not written.if_exists:
            return True
    return False
