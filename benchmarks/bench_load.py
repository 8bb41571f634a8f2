"""`verify --load`: 50 parallel sessions against the lab for 30 seconds; every call that the lab saw is in the counts.

python benchmarks/bench_load.py [SECONDS]
"""

import json
import sys

from undeny import change
from undeny.calls.model import Request
from undeny.change.loading import Load
from undeny.lab import Lab
from undeny.lab.organization import trust

SESSIONS, RATE, SECONDS = 50, 40.0, 30.0


def main(seconds: float) -> None:
    """Run the load and compare both sides' counts."""
    with Lab() as lab:
        account = lab.account["app"]
        iam = lab.maker(account).client("iam")
        role = iam.create_role(RoleName="App", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
        statement = {"Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=document)
        url = lab.maker(account).client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        arn = f"arn:aws:sqs:{lab.region}:{account}:jobs"
        request = Request(principal=role, action="sqs:GetQueueAttributes", resource=arn, parameters={"QueueUrl": url})
        before = len(lab.trail.events)
        told = change.load(request, lambda: lab.session(role), Load(sessions=SESSIONS, rate=RATE, seconds=seconds))
        seen = sum(event["eventName"] == "GetQueueAttributes" for event in lab.trail.events[before:]) - 1  # the one that shows it works
    print(f"{told.sessions} sessions, {told.seconds} s, {told.asked} calls, {told.asked / told.seconds:.1f} a second")
    for name, part in (("kept credentials", told.cached), ("fresh credentials", told.fresh)):
        print(f"  {name}: {part.calls} calls, p50 {part.p50} ms, p95 {part.p95} ms, p99 {part.p99} ms, slowest {part.slowest} ms")
    print(f"  allowed {told.allowed}, denied {told.denied}, failed {told.failed} {dict(told.failures)}; the lab saw {seen}")
    whole = told.allowed + told.denied + told.failed == told.asked == told.cached.calls + told.fresh.calls
    if not whole or not told.asked - told.failed <= seen <= told.asked:  # of a call that failed nobody knows whether it came
        raise SystemExit("calls were lost in the counts")


main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
