"""AWS through boto3: the one room that knows it. Opens sessions, collects evidence, writes, repeats calls."""

from undeny.aws import collect, repeat, session, write

__all__ = ["collect", "repeat", "session", "write"]
