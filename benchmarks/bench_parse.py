"""How many messages a second one process reads: `python benchmarks/bench_parse.py [BASELINE]`.

The messages are the real ones of `tests/data/messages.jsonl`, in turn, texts and events mixed. The baseline is what a reader could
hardly do without: ten regular expressions (the sentence, an SDK's envelope, ids) searched in each text. The goal is 10,000 a second.
"""

import gc
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from undeny.denial import parse

GOAL = 10_000
ROUNDS = 15
MESSAGES = Path(__file__).parent.parent / "tests" / "data" / "messages.jsonl"
BASELINE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"user:\s+(\S+)\s+is not authorized to perform:\s+(\S+)",
        r"on resource:\s+(\S+)",
        r"because no ([\w -]+?) allows",
        r"with an explicit deny in an? ([\w -]+)",
        r"an error occurred \((\w+)\) when calling the (\w+) operation",
        r"\(service: (.+?)\)",
        r"status code: (\d+), request id: (\S+)",
        r"encoded authorization failure message: (\S+)",
        r"arn:aws[\w-]*:organizations::\d+:policy/\S+",
        r"api error (\w+):",
    )
]


def baseline(text: str) -> list[re.Match[str] | None]:
    """Search each of the ten expressions."""
    return [pattern.search(text) for pattern in BASELINE]


def rate(work: Callable[[str], object], texts: list[str]) -> float:
    """Give texts a second of processor time, the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        begin = time.process_time()
        for text in texts:
            work(text)
        best = max(best, len(texts) / (time.process_time() - begin))
    return best


def main() -> int:
    """Print both rates; exit 1 below the goal."""
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text("utf-8").splitlines()] * 10
    for text in texts[:100]:
        parse(text)
    gc.freeze()
    ours, theirs = rate(parse, texts), rate(baseline, texts)
    print(f"undeny.denial.parse  {ours:9,.0f} messages a second (goal {GOAL:,})")
    print(f"ten regular expressions, searched  {theirs:9,.0f} a second")
    return 0 if ours >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
