"""From a denial to a question: what the text says did not answer."""

import os
import re
from pathlib import Path

from undeny.denial.model import Denial
from undeny.evidence import network
from undeny.evidence.network import Network
from undeny.reach.model import Question, Reach
from undeny.reach.opening import reach

_URL = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d+))?", re.IGNORECASE)
_DIAL = re.compile(r"dial (?:tcp|udp) (?:lookup )?(\[?[0-9a-z.:-]+?\]?):(\d+)(?=[:\s])", re.IGNORECASE)
_NAME = re.compile(r"(?:lookup|resolve host:?|resolve|host(?:name)?) [\"']?([a-z0-9-]+(?:\.[a-z0-9-]+){2,})", re.IGNORECASE)


def target_of(seen: Denial) -> str | None:
    """Give what the call was sent to, as `--to` takes it: from the endpoint's URL, an address that was dialled, a name, or the service.

    >>> target_of(Denial(text='Connect timeout on endpoint URL: "https://sts.us-east-1.amazonaws.com/"'))
    'sts.us-east-1.amazonaws.com:443'
    """
    text = " ".join(filter(None, (seen.endpoint_url, seen.text, seen.message)))
    for pattern in (_URL, _DIAL):
        found = pattern.search(text)
        if found and not found.group(1).startswith("169.254."):
            return f"{found.group(1)}:{found.group(2) or ('80' if text[found.start() : found.start() + 5] == 'http:' else '443')}"
    named = _NAME.search(text)
    if named:
        return f"{named.group(1)}:443"
    prefix = (seen.action or "").partition(":")[0]
    return prefix or None


def walked(seen: Denial, source: str, networks: tuple[Network, ...]) -> Reach | None:
    """Walk the path that the call took; `None` where the text does not say to where."""
    to = target_of(seen)
    return reach(Question(source=source, to=to, region=seen.region, networks=networks)) if to and networks else None


def over_snapshot(seen: Denial, source: str, folder: "str | os.PathLike[str]") -> Reach | None:
    """Walk it over the networks of a snapshot's folder; `None` where that holds none."""
    return walked(seen, source, network.read(Path(folder)))
