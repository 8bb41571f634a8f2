"""Build what each service means by an error code that can be a rate or a count, from botocore's models (Apache-2.0).

A development tool: `python scripts/build_limits.py`. What it writes is committed. A code is a rate where the service's own model marks it
as throttling, or where its sentence speaks of calls in a while; everything else that it says of limits is a count.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

import botocore
from botocore.loaders import Loader

TARGET = Path(__file__).parents[1] / "src" / "undeny" / "diagnose" / "limits.json"
CODES = ("LimitExceededException", "ResourceLimitExceededException")
RATE = re.compile(
    r"too many (\w+ )?(requests|calls|service requests|simultaneous)|rate limit\b|requests per second|request rate|throttl|simultaneous"
    r"|try your request again|sending more than|more frequently|too frequently|request throughput"
    r"|number of (\S+ )?requests (being|exceeds)",
    re.IGNORECASE,
)
CONCURRENT = re.compile(r"concurren|simultaneous", re.IGNORECASE)
COUNT = re.compile(r"beyond the current|maximum number|number of \w+ (pools|resources|objects)|resource limit", re.IGNORECASE)


def meaning(shape: dict, said: str) -> str:
    """Tell a rate from a count by the model."""
    if (shape.get("retryable") or {}).get("throttling"):
        return "rate"
    if (RATE.search(said) and COUNT.search(said)) or CONCURRENT.search(said):
        return "either"
    return "rate" if RATE.search(said) else "count"


def main() -> None:
    """Read every model and write the table."""
    loader = Loader()
    found: dict[str, dict[str, list[str]]] = {code.lower(): defaultdict(list) for code in CODES}
    for service in loader.list_available_services("service-2"):
        model = loader.load_service_model(service, "service-2")
        for name, shape in model["shapes"].items():
            code = (shape.get("error") or {}).get("code") or name
            if not (shape.get("exception") or "error" in shape) or code not in CODES:
                continue
            said = re.sub(r"<[^>]+>|\s+", " ", shape.get("documentation", ""))
            found[code.lower()][meaning(shape, said)].append(service)
    table = {code: {kind: sorted(set(names)) for kind, names in sorted(kinds.items())} for code, kinds in found.items()}
    about = {"source": "botocore (https://github.com/boto/botocore), Apache License 2.0", "version": botocore.__version__}
    TARGET.write_text(json.dumps({"about": about, "codes": table}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
