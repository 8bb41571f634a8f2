"""Compare the verdict on network paths with real packets: random groups, ACLs and routes, made of namespaces, each connection tried.

    python scripts/network_oracle.py [--count 60] [--seed 0] [--probes 24]

Everything happens in namespaces that it makes itself. Exit status 0: all agree, 1: one does not, 77: namespaces are not allowed here.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from generators import packets  # noqa: E402 - the path is set first
from generators.random_networks import PORTS, Probe, network, probes, probes6  # noqa: E402 - as above
from undeny.reach.answer import trace  # noqa: E402 - as above
from undeny.reach.model import Reach  # noqa: E402 - as above

SKIPPED = 77
PATIENCE = 3.0


def main() -> None:
    """Run the comparison in namespaces of its own."""
    parser = argparse.ArgumentParser()
    for name, default in (("--count", 60), ("--seed", 0), ("--probes", 24)):
        parser.add_argument(name, type=int, default=default)
    told = parser.parse_args()
    if os.environ.get("NETWORK_ORACLE_INSIDE"):
        sys.exit(compare(told))
    why = packets.reason_not_to()
    if why:
        print(f"skipped: {why}")
        sys.exit(SKIPPED)
    environ = {**os.environ, "NETWORK_ORACLE_INSIDE": "1"}
    sys.exit(subprocess.run([*packets.inside(), sys.executable, __file__, *sys.argv[1:]], env=environ, check=False).returncode)


def compare(told: argparse.Namespace) -> int:
    """Build each network, try each connection, and print where the verdict differs."""
    packets.own_space()
    counted: Counter[tuple[str, bool]] = Counter()
    differing, began = 0, time.monotonic()
    for seed in range(told.seed, told.seed + told.count):
        for probe, found, made in _tried(seed, told.probes):
            counted[found.verdict, made] += 1
            if found.verdict != ("reachable" if made else "blocked"):
                differing += 1
                print(f"DIFFERS seed {seed}: {probe}: packets {'passed' if made else 'did not pass'}; the verdict: {found.summary}")
    total = sum(counted.values())
    made = sum(many for (_, passed), many in counted.items() if passed)
    print(
        f"{told.count} networks, {total} connections, {made} made, {total - made} not; {total - differing} verdicts agree, "
        f"{differing} do not; {time.monotonic() - began:.0f} s"
    )
    return 1 if differing else 0


def _tried(seed: int, many: int) -> list[tuple[Probe, Reach, bool]]:
    """Try the connections of one network; what an open path did not carry is sent once more: a busy machine drops packets too."""
    net, tried = network(seed), [*probes(seed, many), *probes6(seed, many // 3)]
    wires = packets.Wires(net)
    wires.build()
    wires.listen(PORTS)
    seen = wires.try_all(tried)
    verdicts = [trace(net.ask(f"i-{one.source}", one.address, port=one.port, source_port=one.source_port)) for one in tried]
    again = [i for i, found in enumerate(verdicts) if found.verdict == "reachable" and not seen[i]]
    for i, made in zip(again, wires.try_all([tried[i] for i in again], wait=PATIENCE) if again else (), strict=True):
        seen[i] = made
    wires.close()
    return list(zip(tried, verdicts, seen, strict=True))


if __name__ == "__main__":
    main()
