"""Inputs that grow from real ones towards code not yet reached: `python fuzz/with_atheris.py RUNS SEED CORPUS`."""

import json
import sys

import atheris

with atheris.instrument_imports(include=["undeny.denial"]):
    from undeny.denial import documented, events, files, reading

from target import Count, a_text, an_event, some_bytes

WATCHED = (documented, events, files, reading)
"""Rooms loaded while atheris looks on."""
count = Count()
limit = int(sys.argv[1])


def attempt(data: bytes) -> None:
    """Try an input as an event where it is JSON, else one in four as a file's bytes, and the others as text."""
    text = data.decode("utf-8", "replace")
    if text.lstrip()[:1] == "{" and isinstance(value := _decoded(text), dict):
        an_event(value, count)
    elif len(data) % 4 == 0:
        some_bytes(data, count)
    else:
        a_text(text, count)
    if count.runs == limit:
        print(f"atheris {count}", flush=True)


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


if __name__ == "__main__":
    options = [f"-runs={limit}", f"-seed={sys.argv[2]}", "-max_len=3000", "-timeout=20", "-rss_limit_mb=4096", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, "-artifact_prefix=fuzz-", sys.argv[3]], attempt)
    atheris.Fuzz()
