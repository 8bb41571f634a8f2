"""What is written about a cause, for whoever asks what its code means."""

import msgspec

from undeny.diagnose.model import Bucket


class CauseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A cause of the catalogue. Its file is its registry entry: `INFO` there is one of these.

    `text` has paragraphs: what it is, then `Signs:`, `Mends it:` and `Does not:`. `source` is AWS's page; `example` a text as seen;
    `related` codes that are easily taken for it.
    """

    code: str
    bucket: Bucket
    title: str
    text: str
    source: str
    example: str
    related: tuple[str, ...] = ()
