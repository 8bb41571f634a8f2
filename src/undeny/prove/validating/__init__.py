"""What is wrong, useless or risky in a policy document: findings with a code, a place, a way out and AWS's page. One rule, one file."""

from undeny.prove.validating.model import Finding, Kind
from undeny.prove.validating.walk import validate

__all__ = ["Finding", "Kind", "validate"]
