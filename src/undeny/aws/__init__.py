"""AWS through boto3: the one room that knows it. Opens sessions, collects evidence, writes, repeats calls."""

from undeny.aws import collect, recorded, repeat, session, write

__all__ = ["collect", "recorded", "repeat", "session", "write"]
