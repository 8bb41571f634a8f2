"""Consoles and services that only say which kind of call is not permitted."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("permission", "operation not", "operation is not")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = (
    r"(?:\b(?:user|caller|role|service|account|identity|you)\b[^\n.\"<:]{0,60})?(?:does not|do not|don['\u2019\u201d]?t"
    r"|doesn['\u2019\u201d]?t) "
    r"have (?:the )?(?:sufficient |required |necessary )?permissions? (?:to|for)(?! (?:call"
    r"|perform) \w+ on)(?! [a-z0-9-]+:\w)(?! create (?:a |the )?service)(?! access this resource)"
    r"(?:(?! access to the model)[^\n\"<]){0,200}"
    r"|insufficient permissions?[^\n\"<]{0,120}|(?:this )?operation (?:is )?not (?:permitted|allowed)[^\n\"<]{0,80}"
)
EXAMPLES = {"AccessDeniedException: The role does not have permission to use the repository": {"error_code": "AccessDeniedException"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
