"""Quotas: value, use and what holds them, read where a call failed on one (the reader is `undeny.aws.quotas`)."""

from undeny.aws.quotas import PERMISSIONS

__all__ = ["PERMISSIONS"]
