"""ECS or Docker could not pull an image in time."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, matches

NEEDS = ("cannotpullcontainererror", "error pulling image configuration")
SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
PATTERN = (
    r"(?P<error_code>cannotpullcontainererror):? (?:[^\n\"<]|\"[^\s\",}]{1,200}\"(?=:)){0,300}"
    r"|error pulling image configuration: (?![^\n]{0,300}<code>)[^\n\"<]{0,200}"
)
EXAMPLES: dict[str, Facts] = {
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref public.ecr.aws/x": {
        "error_code": "CannotPullContainerError"
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
