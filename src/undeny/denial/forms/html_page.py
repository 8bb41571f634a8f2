"""A page of HTML instead of AWS's answer: a proxy, a firewall or a content network spoke."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("<html", "<title>", "request could not be satisfied")
SOURCE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html"
PATTERN = r"<title>[^<]{0,200}</title>|(?<!<h2>)(?<!error: )the request could not be satisfied\.?"
EXAMPLES = {
    "<html><head><title>403 Access to this site is blocked</title></head><body>blocked by policy</body></html>": {"error_code": None}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
