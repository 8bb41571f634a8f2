"""The calls that services make with the caller's permissions, against AWS's own list of them."""

import json
from pathlib import Path

import pytest

from undeny import calls
from undeny.denial.model import Denial

LISTED = json.loads((Path(__file__).parents[2] / "data" / "forward_access.json").read_text("utf-8"))
BEHIND_PARTS = {("s3", "UploadPart"): {"kms:Decrypt"}}
"""A part is s3:PutObject like any other: that it is one only the call's parameters tell."""


@pytest.mark.parametrize(("service", "operation"), [(service, name) for service, names in LISTED.items() for name in names])
def test_what_aws_lists_behind_an_operation_is_told_or_said_to_be_possible(service, operation):
    denial = Denial(service=service, operation=operation, principal="arn:aws:iam::111122223333:role/App", region="us-east-1")
    found = {one.action for request in calls.requests_of(denial) for one in calls.expand(request, {})[1:]}
    assert set(LISTED[service][operation]) - BEHIND_PARTS.get((service, operation), set()) <= found
