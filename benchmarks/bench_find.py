"""How many events a second `find` scans: `python benchmarks/bench_find.py [EVENTS]`.

The trail is synthetic: 100,000 events in 50 files as CloudTrail writes them (gzip), one in 50 refused, one in 25 failed otherwise. The
baseline is what a script would do: `gzip` and `json` of the standard library over the same files, every event parsed, the refused ones
counted by who, what and code. Both run in this process, one thread, the best of three; what `find` does beyond that (the same event in
two trails, the cause of each group) is in its figure.
"""

import gzip
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from undeny.trail.groups import Groups
from undeny.trail.model import Question, Tally
from undeny.trail.places import on_disk
from undeny.trail.scan import Scan

EVENTS, FILES, ROUNDS = 100_000, 50, 3
CALLS = (
    ("s3", "GetObject"),
    ("kms", "Decrypt"),
    ("ec2", "DescribeInstances"),
    ("sts", "AssumeRole"),
    ("iam", "GetRole"),
    ("sqs", "SendMessage"),
)


def event(number: int, chance: random.Random) -> dict[str, object]:
    """Make one event with the fields, and about the length, of a real one."""
    service, name = chance.choice(CALLS)
    role, account = f"role-{chance.randrange(40)}", "111122223333"
    session = f"i-{chance.randrange(1 << 32):08x}"
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
    issuer = {
        "type": "Role",
        "principalId": "AROAEXAMPLE",
        "arn": f"arn:aws:iam::{account}:role/{role}",
        "accountId": account,
        "userName": role,
    }
    context = {"sessionIssuer": issuer, "attributes": {"creationDate": "2026-11-23T17:00:00Z", "mfaAuthenticated": "false"}}
    made: dict[str, object] = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROAEXAMPLE:{session}",
            "arn": arn,
            "accountId": account,
            "sessionContext": context,
        },
        "eventTime": f"2026-11-23T{number % 24:02}:{number % 60:02}:{number % 59:02}Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "[Boto3/1.44.8 md/Botocore#1.44.8 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.12.1 md/pyimpl#CPython]",
    }
    if number % 50 == 0:
        sentence = f"User: {arn} is not authorized to perform: {service}:{name} on resource: arn:aws:{service}:::thing-{number % 500}/x"
        made |= {
            "errorCode": "AccessDenied",
            "errorMessage": f"{sentence} because no identity-based policy allows the {service}:{name} action",
        }
    elif number % 25 == 1:
        made |= {"errorCode": "NoSuchKey", "errorMessage": "The specified key does not exist."}
    made |= {"requestParameters": {"bucketName": "thing", "key": f"2026/11/23/{number}", "Host": "thing.s3.eu-west-1.amazonaws.com"}}
    made |= {"responseElements": None, "requestID": f"{chance.randrange(1 << 64):016X}", "eventID": f"{chance.randrange(1 << 128):032x}"}
    made |= {
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    return made | {
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": "s3.amazonaws.com"}
    }


def write(folder: Path, events: int) -> None:
    """Write the trail."""
    chance = random.Random(1)  # noqa: S311 - no secret: the same trail each time
    for file in range(FILES):
        records = [event(number, chance) for number in range(file * events // FILES, (file + 1) * events // FILES)]
        body = json.dumps({"Records": records}, separators=(",", ":")).encode()
        (folder / f"111122223333_CloudTrail_eu-west-1_20261123T{file % 24:02}{file % 60:02}Z_{file:016}.json.gz").write_bytes(
            gzip.compress(body)
        )


def scanned(folder: Path) -> tuple[Tally, Groups]:
    """Scan and group, as `undeny find` does before it looks for causes."""
    tally, groups = Tally(), Groups()
    for seen in Scan(Question(), tally).pieces(on_disk((str(folder),), None)):
        groups.add(seen)
    return tally, groups


def scan_alone(folder: Path) -> int:
    """Scan and group."""
    return scanned(folder)[0].denials


def with_causes(folder: Path) -> int:
    """Scan, group, and find the cause of each group."""
    tally, groups = scanned(folder)
    groups.told()
    return tally.denials


def baseline(folder: Path) -> int:
    """Count as a script would."""
    found: Counter[tuple[str, str, str]] = Counter()
    for path in folder.iterdir():
        for one in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            if "AccessDenied" in one.get("errorCode", ""):
                found[one["userIdentity"]["arn"], one["eventName"], one["errorCode"]] += 1
    return found.total()


def rate(work: Callable[[Path], int], folder: Path, events: int) -> tuple[float, int]:
    """Give events a second of processor time, the best of some rounds, and how many denials were found."""
    best, found = 0.0, 0
    for _ in range(ROUNDS):
        begin = time.process_time()
        found = work(folder)
        best = max(best, events / (time.process_time() - begin))
    return best, found


def main() -> int:
    """Print both rates; exit 1 where they do not find the same denials."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory(prefix="undeny-bench-") as name:
        folder = Path(name)
        write(folder, events)
        packed = sum(path.stat().st_size for path in folder.iterdir())
        slow, counted = rate(baseline, folder, events)
        (fast, seen), (full, _) = rate(scan_alone, folder, events), rate(with_causes, folder, events)
    print(f"{events:,} events in {FILES} files, {packed / 1e6:.1f} MB packed, {seen:,} denials")
    print(f"undeny find, scan and group      {fast:11,.0f} events a second")
    print(f"undeny find, with their causes   {full:11,.0f} events a second")
    print(f"gzip + json, the same files      {slow:11,.0f} events a second   (find: {fast / slow:.1f} and {full / slow:.1f} times as fast)")
    return 0 if seen == counted else 1


if __name__ == "__main__":
    sys.exit(main())
