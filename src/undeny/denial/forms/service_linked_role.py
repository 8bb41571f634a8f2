"""A service-linked role is missing, and the caller may not create it."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("service linked role", "service-linked role")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html"
PATTERN = (
    r"(?:the )?caller does not have permissions? to create (?:a |the )?service[- ]linked role[^\n\"<]{0,120}|unable to "
    r"assume the service[- ]linked role[^\n\"<]{0,120}|(?:error )?creating or assuming a service[- ]linked role"
)
EXAMPLES = {
    "AccessDeniedException: Caller does not have permissions to create a Service Linked Role": {"error_code": "AccessDeniedException"},
    "An error occurred (InvalidParameterException) when calling the CreateService operation: Unable to assume the service "
    "linked role. Please verify that the ECS service linked role exists.": {
        "error_code": "InvalidParameterException",
        "operation": "CreateService",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
