"""A volume or instance whose key could not be used: EC2 asks KMS as a service, and says no action."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("kms master key", "customer master key", "invalidkmskey", "client.internalerror")
SOURCE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html"
PATTERN = (
    r"the encrypted volume was unable to access the (?:kms|customer) master key|(?P<error_code>client\.(?:internalerror"
    r"|invalidkmskey\.invalidstate)): [^\n\"]{0,160}"
)
EXAMPLES = {
    "An error occurred (CustomerKeyHasBeenRevoked) when calling the AttachVolume operation: Volume vol-0123456789abcdef0 "
    "cannot be attached. The encrypted volume was unable to access the KMS master key.": {
        "error_code": "CustomerKeyHasBeenRevoked",
        "operation": "AttachVolume",
    },
    "Client.InternalError: Client error on launch": {"error_code": "Client.InternalError"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
