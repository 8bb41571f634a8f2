"""A statement that says what another of the policy says already."""

from collections.abc import Iterator

from undeny.iam.model import Document, Statement
from undeny.prove.comparing import canonical
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                {"Effect": "Allow", "Action": ["S3:*"], "Resource": ["*"]},
            ],
        },
        "identity",
        ("repeated-statement",),
    ),
)


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Compare the statements by what they say."""
    del kind
    seen: dict[frozenset[canonical.Atom], Statement] = {}
    for statement in document.statements:
        if not statement.usable:
            continue
        said = frozenset(canonical.of(statement, variables=document.variables))
        first = seen.setdefault(said, statement)
        if first is not statement:
            message = f"this says what statement {first.index + 1} says already"
            yield Spot(
                code="repeated-statement", message=message, path=("Statement", statement.index), help=("take it out",), level="warning"
            )
