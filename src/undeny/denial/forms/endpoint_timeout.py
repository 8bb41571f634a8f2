"""No answer came from an endpoint: botocore names the URL."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("timeout on endpoint url", "connect to the endpoint url", "connection was closed before")
SOURCE = "https://github.com/boto/botocore/blob/develop/botocore/exceptions.py"
PATTERN = (
    r"(?:connect|read) timeout on endpoint url: \"?(?P<endpoint_url>[^\"\s]+)\"?|could not connect to the endpoint url: "
    r"\"?(?P<endpoint>[^\"\s]+)\"?|connection was closed before we received a valid response from endpoint(?: url)?:? "
    r"\"?[^\"\s]+\"?"
)
EXAMPLES = {
    'Read timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/invocations"': {
        "endpoint_url": "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/invocations",
        "region": "us-east-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
