"""Where files are scanned: folders and files on disk, `s3://` prefixes."""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from undeny.errors import UndenyError
from undeny.trail.model import Piece

CHUNK = 1 << 20
SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
OTHER_FOLDERS = frozenset({"CloudTrail-Digest", "CloudTrail-Insight", "Config", "vpcflowlogs", "elasticloadbalancing", "WAFLogs"})
"""Folders below `AWSLogs` that hold no events of calls."""
_DELIVERED = re.compile(r"_(\d{8}T\d{4})Z_[^/]*\Z")
_SLACK = timedelta(hours=1)


def on_disk(paths: Sequence[str], since: datetime | None) -> list[Piece]:
    """Give the files at these paths, newest names first. Raises `UndenyError` for a path that is not there."""
    found: list[Piece] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found.extend(_piece(one) for one in sorted(_below(path), reverse=True) if not delivered_before(one, since))
        elif path.exists():
            found.append(_piece(text))
        else:
            raise UndenyError(f"no such file or folder: `{text}`", code="no-such-file")
    return found


def delivered_before(name: str, since: datetime | None) -> bool:
    """Whether a trail file's name says that it was delivered before `since`: it then holds no later event.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format
    """
    told = _DELIVERED.search(name)
    if told is None or since is None:
        return False
    try:
        when = datetime.strptime(told[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return False
    return when < since - _SLACK


def holds_events(name: str) -> bool:
    """Whether a file of this name may hold events of calls."""
    parts = name.split("/")
    return name.lower().endswith(SUFFIXES) and OTHER_FOLDERS.isdisjoint(parts)


def _below(folder: Path) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one not in OTHER_FOLDERS]
        for name in names:
            if name.lower().endswith(SUFFIXES):
                yield str(Path(root) / name)


def _piece(path: str) -> Piece:
    try:
        size = Path(path).stat().st_size
    except OSError:
        size = 0
    return Piece(name=path, size=size, open=partial(_chunks, path))


def _chunks(path: str) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
