"""A metric for each remediation and rollback, where `UNDENY_METRICS` asks for it: a surge alarm on it hears of a fix that fights."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from undeny.ui.cli import output


@contextmanager
def remediation(session: Any, kind: str) -> Iterator[None]:
    """Count what happens within, `done` or `failed`; a metric that cannot be written is a warning and changes nothing.

    `kind` is `apply` or `rollback`. `UNDENY_METRICS=1` writes to the namespace `undeny`, another value names one; the permission is
    cloudwatch:PutMetricData.
    """
    from undeny.aws import metrics  # noqa: PLC0415 - boto3 is loaded already where something is changed

    namespace = metrics.wanted(os.environ)
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        problem = metrics.publish(session, kind, outcome, namespace=namespace) if namespace else None
        if problem is not None:
            output.warn((problem,), word="warning")
