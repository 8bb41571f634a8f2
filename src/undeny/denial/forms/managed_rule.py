"""Step Functions: the state machine's role may not create the rule by which it waits for another service."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("create managed-rule",)
SOURCE = "https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html"
PATTERN = r"""[\"'\u201d]?(?P<principal>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+))[\"'\u201d]? is not authorized to create managed-rule\.?"""
EXAMPLES = {
    "AccessDeniedException: 'arn:aws:iam::111122223333:role/machine-role' is not authorized to create "
    "managed-rule.\nstatus code: 400, request id: 11111111-2222-3333-4444-555555555555": {
        "error_code": "AccessDeniedException",
        "principal": "arn:aws:iam::111122223333:role/machine-role",
        "request_id": "11111111-2222-3333-4444-555555555555",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
