"""No input makes undeny crash: `python fuzz/run.py [RUNS] [SEED]`.

Of the 100,000 inputs that it tries, most come from a grammar, the others are guided by the code that they reach.

Each input is read, and what was read is explained without evidence. Prints seeds and counts; exits 1 where anything but a clear
error came out, and shows the input.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent / "tests" / "data"


def corpus(folder: Path) -> int:
    """Write the texts of the test data as seeds, one a file."""
    number = 0
    for name in ("messages", "heldout_messages", "heldout_texts"):
        for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
            (folder / f"{number:04}").write_text(json.loads(line)["text"], "utf-8")
            number += 1
    for line in (DATA / "heldout_scenarios.jsonl").read_text("utf-8").splitlines():
        (folder / f"{number:04}").write_text(json.dumps(json.loads(line)["input"]), "utf-8")
        number += 1
    return number


def main() -> int:
    """Run both fuzzers side by side."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    guided = runs * 2 // 5
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        seeds = corpus(Path(folder))
        print(f"{runs:,} runs, seed {seed}, {seeds} seeds from tests/data", flush=True)
        commands = (
            [sys.executable, str(HERE / "with_hypothesis.py"), str(runs - guided), str(seed)],
            [sys.executable, str(HERE / "with_atheris.py"), str(guided), str(seed % 2**31), folder],
        )
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands]
        outputs = [process.communicate()[0] for process in started]
    failed, tried = False, 0
    for process, output in zip(started, outputs, strict=True):
        told = [line.split() for line in output.splitlines() if line.startswith(("hypothesis ", "atheris "))]
        if process.returncode or not told:
            failed = True
            print(output[-6000:])
            continue
        name, *counts = told[-1]
        tried += int(counts[0])
        print(f"{name}: {int(counts[0]):,} inputs, {int(counts[1]):,} times a denial, {int(counts[2]):,} times explained")
    print(f"{'crashed' if failed else 'no crash'} in {tried:,} runs, {time.monotonic() - begin:,.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
