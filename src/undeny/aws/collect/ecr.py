"""ECR: a repository's policy and its key."""

from collections.abc import Iterator

from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "ecr"
_API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_"
PERMISSIONS = {
    "ecr:GetRepositoryPolicy": ("the repository's policy", f"{_API}GetRepositoryPolicy.html"),
    "ecr:DescribeRepositories": ("the repository's key", f"{_API}DescribeRepositories.html"),
}
ACCOUNT_PERMISSIONS = {
    "ecr:DescribeRepositories": ("the account's repositories", f"{_API}DescribeRepositories.html"),
}
_KEPT = ("repositoryName", "registryId", "encryptionConfiguration", "imageTagMutability")


def thing(arn: Arn) -> str | None:
    """Give the repository."""
    return str(arn) if arn.resource_type == "repository" and "*" not in arn.resource else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a repository."""
    text, name = str(arn), arn.resource.partition("/")[2]
    place = {"registryId": arn.account, "region": arn.region}
    what, none = f"resource policy of {text}", ("RepositoryPolicyNotFoundException",)
    found = reader.call(
        "ecr",
        "describe_repositories",
        action="ecr:DescribeRepositories",
        what=f"key of {text}",
        none=("RepositoryNotFoundException",),
        repositoryNames=[name],
        **place,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    held = found["repositories"][0] if isinstance(found, dict) and found.get("repositories") else {}
    settings = {key: plain(held[key]) for key in _KEPT if key in held}
    answer = reader.call(
        "ecr", "get_repository_policy", action="ecr:GetRepositoryPolicy", what=what, none=none, repositoryName=name, **place
    )
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer, settings=settings, exists=True if settings else None)
    policy = reader.policy("repository policy", answer["policyText"], attached_to=text) if answer else None
    return Resource(arn=text, policy=policy, settings=settings, exists=True)


def every(reader: Reader) -> Iterator[Arn]:
    """List the repositories of the reader's account and Region."""
    answer = reader.call("ecr", "describe_repositories", action="ecr:DescribeRepositories", what="the account's repositories")
    for one in answer.get("repositories", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(one["repositoryArn"])
        if arn is not None:
            yield arn
