"""A page of HTML instead of AWS's answer: a proxy, a firewall or a content network spoke."""

from collections.abc import Iterator

from undeny.denial.evened import restored
from undeny.denial.found import Facts, Found, Passage, compiled

NEEDS = ("<title>", "request could not be satisfied")
SOURCE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html"
PATTERN = r"<title>(?P<title>[^<]{0,300})</title>(?:[\s\S]{0,6000}?</html>)?|the request could not be satisfied\.?"
EXAMPLES = {
    "<html><head><title>Access to this site is blocked</title></head><body>blocked by policy</body></html>": {
        "error_code": None,
        "message": "Access to this site is blocked",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each page; its title is the message."""
    for match in compiled(PATTERN).finditer(passage.low):
        title = restored(passage.text[slice(*match.span("title"))]) if match.group("title") else ""
        facts: Facts = {"message": title} if title else {}
        yield Found(match.start(), match.end(), facts)
