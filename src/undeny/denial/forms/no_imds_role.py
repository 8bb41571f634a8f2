"""The metadata service had no role to give: not on EC2, or no instance profile."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, matches

NEEDS = ("no ec2 imds role found", "credentials from instance metadata", "metadata service")
SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html"
PATTERN = (
    r"no ec2 imds role found[^\n\"<]{0,200}|unable to retrieve credentials from (?:instance metadata|ec2 metadata "
    r"service)[^\n\"<]{0,100}|failed to (?:connect to|load credentials from) (?:ec2 |instance )?metadata "
    r"service[^\n\"<]{0,100}"
)
EXAMPLES: dict[str, Facts] = {
    "failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, request canceled, "
    "context deadline exceeded": {}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
