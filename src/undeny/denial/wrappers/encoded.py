"""The encoded part of an EC2-style message: who, what and why, readable through sts:DecodeAuthorizationMessage.

CloudFormation, validation errors and people cut it short: what is left then cannot be decoded.
"""

from collections.abc import Iterator

from undeny.denial.found import QUOTES, Facts, Found, Passage, compiled

SIDE = "after"
NEEDS = ("encoded authorization failure message", "encoded failure:", "encoded message:")
SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html"
PATTERN = (
    r"encoded (?:authorization failure message|failure|message): ?[\"'`]?(?P<blob>(?!status code)[\w-]{4,}(?:\s[\w-]{60,}(?![\w:]))*)(?P<cu"
    r"t>\.\.\.|\u2026| ?[\[(<](?:truncated|snip|redacted|cut)[^\])>]*[\])>])?"
)
EXAMPLES = {
    "You are not authorized to perform this operation. Encoded authorization failure message: AbCdEf0123456789": {
        "encoded_message": "AbCdEf0123456789",
        "encoded_truncated": False,
        "message": "You are not authorized to perform this operation.",
    },
    "1 validation error detected: Value 'You are not authorized to perform this operation. Encoded authorization failure "
    "message: KzCTdjlfnw3k": {
        "encoded_message": "KzCTdjlfnw3k",
        "encoded_truncated": True,
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each encoded message, and say whether it is whole."""
    for match in compiled(PATTERN).finditer(passage.low):
        blob = "".join(passage.text[slice(*match.span("blob"))].split())
        facts: Facts = {
            "encoded_message": blob,
            "encoded_truncated": bool(match.group("cut")) or len(blob) % 4 == 1 or _in_open_quote(passage, match.start(), match.end()),
        }
        yield Found(match.start(), match.end(), facts)


def _in_open_quote(passage: Passage, start: int, end: int) -> bool:
    """Whether a quote opens before the message (`Value 'You are ...`) and the text ends before it closes."""
    opened = passage.low.rfind("value '", max(0, start - 3000), start)
    return opened >= 0 and not any(quote in passage.text[end : end + 2] for quote in QUOTES)
