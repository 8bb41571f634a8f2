"""Policy variables: substituted only in version 2012-10-17, one value each, with AWS's own spelling of a default."""

from collections.abc import Iterator

from undeny import catalog
from undeny.iam.model import Document
from undeny.iam.variables import MULTI_VALUED, VARIABLE
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"
EXAMPLES = (
    (
        {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/*"}]},
        "identity",
        ("variables-need-version",),
    ),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username,'x'}/*"}]},
        "identity",
        ("default-without-space",),
    ),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:usernam}/*"}]},
        "identity",
        ("unknown-variable",),
    ),
)
_VERSION = ('write "Version": "2012-10-17"',)


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Look at every variable of the resources and the conditions' values."""
    del kind
    for text, path in _texts(document):
        if "${" not in text:
            continue
        if not document.variables:
            message = f"`{text}` is literal text: variables are substituted only in version 2012-10-17"
            yield Spot(code="variables-need-version", message=message, path=path, help=_VERSION)
            continue
        yield from _variables(text, path)


def _texts(document: Document) -> Iterator[tuple[str, shared.Path]]:
    for statement in document.statements:
        yield from shared.entries(statement, "Resource", "NotResource")
    for _, condition, path in shared.conditions(document):
        for index, value in enumerate(condition.values):
            yield value, (*path, index)


def _variables(text: str, path: shared.Path) -> Iterator[Spot]:
    if text.count("${") != sum(1 for _ in VARIABLE.finditer(text)):
        yield Spot(
            code="bad-variable",
            message=f"`{text}` holds a variable that is not written as one",
            path=path,
            help=("write `${aws:username}`",),
        )
    for found in VARIABLE.finditer(text):
        escape, key, space, default = found.groups()
        if escape:
            continue
        name = key.strip()
        if default is not None and not space:
            message = f"`{found.group()}` has no space before its default"
            helps = (f"write `${{{name}, '{default}'}}`",)
            yield Spot(code="default-without-space", message=message, path=path, help=helps, level="warning")
        if name.lower() in MULTI_VALUED:
            message = f"`{name}` has several values and cannot be a variable: this matches nothing"
            yield Spot(code="multivalued-variable", message=message, path=path, help=("compare the key itself in a condition",))
        elif catalog.condition_key(name) is None and name.lower() != "aws:policyvariable" and "." not in name.partition(":")[0]:
            yield Spot(code="unknown-variable", message=f"no condition key is called `{name}`", path=path, help=_near(name))


def _near(name: str) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a wrong name

    known = {key.name.lower(): key.name for key in catalog.global_keys().values()}
    return tuple(f"did you mean `${{{known[one]}}}`?" for one in get_close_matches(name.lower(), known, n=1))
