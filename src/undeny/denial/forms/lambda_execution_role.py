"""Lambda's check that the execution role may make a call that the function needs."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, compiled

NEEDS = ("execution role does not have permissions",)
SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"
PATTERN = (
    r"the (?:provided )?(?:function )?execution role does not have permissions to (?:call|perform) (?P<operation>\w+)(?: on "
    r"(?P<service>\w+))?"
)
EXAMPLES = {
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The provided execution "
    "role does not have "
    "permissions to call CreateNetworkInterface on EC2": {
        "error_code": "InvalidParameterValueException",
        "operation": "CreateFunction",
        "action": "ec2:CreateNetworkInterface",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence; the call and the service that it names are the action."""
    for match in compiled(PATTERN).finditer(passage.low):
        facts: Facts = {}
        if match.group("service"):
            facts["action"] = f"{match.group('service')}:{passage.text[slice(*match.span('operation'))]}"
        yield Found(match.start(), match.end(), facts)
