"""Why a call was denied: the cause, how sure that is, what was ruled out."""

from undeny.diagnose.judge import bucket_of, catalogue, diagnose

__all__ = ["bucket_of", "catalogue", "diagnose"]
