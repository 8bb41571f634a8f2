"""Where AWS is asked: a trail's bucket, and event history with the one attribute that narrows it most."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from undeny import catalog
from undeny.aws import find
from undeny.errors import UndenyError
from undeny.iam.principal import Principal
from undeny.trail.model import Piece, Question, Tally
from undeny.trail.places import delivered_before, holds_events

WORKERS, SMALL = 8, 4 << 20
"""Objects that are fetched at once, and the bytes up to which one is: at most twice as many are held, 64 MB."""
NEVER_THERE = (
    "event history never holds data events (S3 objects, Lambda invocations, DynamoDB items, ...) nor what VPC endpoints refused, and"
    " events come some minutes late: that a denial is not there proves nothing"
)
"""https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html"""


def in_bucket(session: Any, uri: str, question: Question) -> Iterator[Piece]:
    """Give the trail files below an `s3://` prefix. Raises `UndenyError` where it is none or may not be listed."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    if not bucket:
        raise UndenyError(f"`{uri}` names no bucket", code="usage", help=("as in s3://BUCKET/AWSLogs/",))
    for one in find.objects(session, bucket, prefix, since=question.since):
        alone = one.key == prefix
        if alone or (holds_events(one.key) and not delivered_before(one.key, question.since)):
            yield Piece(name=f"s3://{bucket}/{one.key}", size=one.size, open=partial(find.chunks, session, bucket, one.key))


def ahead(pieces: Iterable[Piece], *, workers: int = WORKERS) -> Iterator[Piece]:
    """Give the same files in the same order, with the next small ones fetched while one is read: an object costs mostly waiting."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="undeny-find")
    source = iter(pieces)
    waiting: deque[Piece] = deque(_started(piece, pool) for piece in islice(source, 2 * workers))
    try:
        while waiting:
            yield waiting.popleft()
            waiting.extend(_started(piece, pool) for piece in islice(source, 1))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _started(piece: Piece, pool: ThreadPoolExecutor) -> Piece:
    """Begin to fetch a file; one that is large is left to be read a chunk at a time. What fails there is raised where it is read."""
    if piece.size > SMALL:
        return piece
    coming = pool.submit(lambda: list(piece.open()))
    return Piece(name=piece.name, size=piece.size, open=coming.result)


def attribute(question: Question) -> tuple[str, str] | None:
    """Choose the one attribute that event history is asked by; the rest is filtered here.

    Roles have none: `Username` is a user's name or a session's.
    """
    if question.event_id:
        return ("EventId", question.event_id)
    who = Principal.parse(question.principal) if question.principal else None
    if who is not None and who.kind == "user" and who.name:
        return ("Username", who.name.rpartition("/")[2])
    if who is not None and who.kind == "role_session" and who.session_name:
        return ("Username", who.session_name)
    if question.name and question.name[:1].isupper() and ":" not in question.name and not _dated(question.name):
        return ("EventName", question.name)
    return None


def _dated(name: str) -> bool:
    """Whether events of this operation may be called otherwise: Lambda and CloudFront write their API's date behind it."""
    return any(action.startswith(("lambda:", "cloudfront:")) for action in catalog.actions_for(name))


def in_history(session: Any, question: Question, tally: Tally, heard: Callable[[str, int], None] = lambda *_: None) -> Iterator[bytes]:
    """Give the events of event history, Region by Region. One that may not be asked is a problem; all of them, an error.

    `heard` is told the Region and how many of its events have come.
    """
    if question.since is None:
        raise ValueError("event history is asked since a time")
    lookup = find.Lookup(since=question.since, until=question.until, attribute=attribute(question))
    refused: list[UndenyError] = []
    asked = find.regions(session)
    for region in asked:
        come = 0
        try:
            for page in find.history(session, region, lookup):
                come += len(page)
                heard(region, come)
                yield from page
        except UndenyError as problem:
            refused.append(problem)
            tally.problem(problem)
    if len(refused) == len(asked):
        raise refused[0]
