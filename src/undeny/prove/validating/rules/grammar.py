"""What the policy's grammar does not allow, as the reader of documents tells it."""

from collections.abc import Iterator, Mapping

from undeny.iam.model import Document, Problem
from undeny.iam.operators import OPERATORS
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
EXAMPLES = (
    ({"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:GetObject", "Resource": "*"}]}, "identity", ("bad-effect",)),
    ({"Version": "2012-10-17"}, "identity", ("missing-statement",)),
    ({"Version": "2024-01-01", "Statement": []}, "identity", ("bad-version", "empty-policy")),
)
_HELP: Mapping[str, str] = {
    "missing-statement": "a policy has a `Statement`: a list of objects",
    "bad-version": 'write "Version": "2012-10-17"',
    "bad-effect": 'write "Allow" or "Deny"',
    "missing-effect": 'add "Effect": "Allow" or "Effect": "Deny"',
    "missing-action": "add `Action`",
    "both-action": "keep one of `Action` and `NotAction`",
    "both-resource": "keep one of `Resource` and `NotResource`",
    "both-principal": "keep one of `Principal` and `NotPrincipal`",
    "same-sid": "give each statement a Sid of its own",
    "duplicate-key": "put both values into one list",
    "empty-list": "name something, or take the statement out",
    "default-without-space": "write `${key, 'default'}`",
    "not-an-object": 'a policy looks like {"Version": "2012-10-17", "Statement": [...]}',
}
_PLAIN = frozenset({"default-without-space", "same-sid"})


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Tell every problem of the reader; a wildcard in the service part has a code of its own."""
    del kind
    for problem in document.problems:
        yield _spot(problem)
    if "Statement" in document.data and not document.statements:
        message = "the policy has no statement: it allows and denies nothing"
        yield Spot(code="empty-policy", message=message, path=("Statement",), help=("add a statement, or take the policy away",))


def _spot(problem: Problem) -> Spot:
    path = _path(problem.path)
    if problem.code == "bad-action":
        return _bad_action(problem, path)
    helps = [_HELP[problem.code]] if problem.code in _HELP else []
    if problem.code == "unknown-operator":
        helps += _near(str(path[-1]))
    level = "error" if problem.fatal and problem.code not in _PLAIN else "warning"
    return Spot(
        code=problem.code,
        message=problem.message,
        path=path,
        help=tuple(helps),
        level="warning" if level == "warning" else "error",
        name=problem.code in ("unknown-element", "unknown-operator", "duplicate-key"),
    )


def _bad_action(problem: Problem, path: tuple[str | int, ...]) -> Spot:
    entry = problem.message.partition("`")[2].partition("`")[0]
    prefix, colon, _ = entry.partition(":")
    if colon and ("*" in prefix or "?" in prefix):
        message = f"`{entry}` has a wildcard in the service part, where AWS takes none"
        return Spot(code="wildcard-in-service", message=message, path=path, help=("name each service: `s3:*`, `sns:*`",))
    return Spot(code="bad-action", message=problem.message, path=path, help=("an action is written `s3:GetObject`",))


def _near(operator: str) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a wrong operator

    bare = operator.rpartition(":")[2].removesuffix("IfExists")
    close = get_close_matches(bare.lower(), {name.lower(): name for name in OPERATORS}, n=1)
    return [f"did you mean `{name}`?" for name in OPERATORS if name.lower() in close]


def _path(text: str) -> tuple[str | int, ...]:
    """Read a path as the reader writes it: names joined by stops, positions in brackets, a key with a stop in it whole where it can be."""
    if text == "$":
        return ()
    found: list[str | int] = []
    for part in text.replace("[", ".[").split("."):
        position = part.removeprefix("[").removesuffix("]")
        found.append(int(position) if part.startswith("[") and position.isdigit() else part)
    return tuple(found)
