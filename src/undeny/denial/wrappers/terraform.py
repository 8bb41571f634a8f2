"""Terraform's place of a failure: the resource and the line of code behind the message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = (" line ",)
SOURCE = "https://developer.hashicorp.com/terraform/language/expressions/references"
PATTERN = r"with (?:module\.|data\.|aws_)[^\s,]+, on \S+ line \d+[^\n]{0,200}(?:\s*\d+:[^\n]{0,200})?"
EXAMPLES = {
    "Error: creating IAM Role (app): AccessDenied: Access Denied\n\n  with aws_iam_role.app,\n  on main.tf line 3, in "
    'resource "aws_iam_role" "app":\n   3: resource "aws_iam_role" "app" {': {
        "error_code": "AccessDenied",
        "message": "Access Denied",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
