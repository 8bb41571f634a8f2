"""SageMaker and others find nothing under an S3 address: often a list that was refused."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("no s3 objects found", "s3 url")
SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
PATTERN = r"""no s3 objects found under s3 url [\"'\u201d]?[^\s\"']{1,300}[\"'\u201d]?"""
EXAMPLES = {
    "An error occurred (ValidationException) when calling the CreateTrainingJob operation: No S3 objects found under S3 "
    'URL "s3://b/prefix" given in input data source.': {
        "error_code": "ValidationException",
        "operation": "CreateTrainingJob",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
