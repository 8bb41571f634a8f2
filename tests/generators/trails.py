"""Trails made for alarms: steady noise, bursts, a weekly season, and an incident at the end."""

import random
from datetime import UTC, datetime, timedelta

INCIDENT = datetime(2026, 11, 23, 18, 4, tzinfo=UTC)
BEGIN = INCIDENT - timedelta(days=15)
ARN = "arn:aws:sts::111122223333:assumed-role/App/i-0abc"


def event(moment, number=0, **more):
    """Give a refused call as CloudTrail writes it."""
    time = datetime.fromtimestamp(moment, UTC) if isinstance(moment, float) else moment
    issuer = {"type": "Role", "arn": "arn:aws:iam::111122223333:role/team/App", "accountId": "111122223333", "userName": "App"}
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "arn": ARN, "accountId": "111122223333", "sessionContext": {"sessionIssuer": issuer}},
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "203.0.113.9",
        "errorCode": "AccessDenied",
        "errorMessage": f'User: {ARN} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::logs-prod/x" because no '
        "identity-based policy allows the s3:PutObject action",
        "requestID": f"R{number}",
        "eventID": f"e-{number}",
        "recipientAccountId": "111122223333",
    } | more


def steady(r, rate=3.0):
    times, at = [], BEGIN.timestamp()
    while at < INCIDENT.timestamp() + 7200:
        at += r.expovariate(rate / 3600)
        times.append(at)
    return times


def bursty(r):
    bursts = [BEGIN.timestamp() + r.random() * 14 * 86400 for _ in range(10)]
    return steady(r, 0.3) + [at + r.random() * 600 for at in bursts for _ in range(r.randint(15, 40))]


def weekly(r):
    times, hour = [], BEGIN.replace(minute=0)
    while hour < INCIDENT + timedelta(hours=2):
        busy = hour.weekday() < 5 and 8 <= hour.hour < 18
        times += [hour.timestamp() + r.random() * 3600 for _ in range(r.randint(45, 75) if busy else r.randint(0, 4))]
        hour += timedelta(hours=1)
    return times


def monday(r):
    mornings = [BEGIN.replace(hour=6, minute=0) + timedelta(days=day) for day in range(15)]
    return steady(r, 0.5) + [m.timestamp() + r.random() * 1800 for m in mornings if m.weekday() == 0 for _ in range(50)]


def silent(_):
    return []


NOISE = {"steady": steady, "bursty": bursty, "weekly": weekly, "monday": monday, "silent": silent}


def trail(noise, seed, size, seconds):
    """Give the times of noise and an incident of `size` calls within `seconds`."""
    r = random.Random(seed)  # noqa: S311 - test data
    begun = INCIDENT.timestamp()
    return sorted([t for t in noise(r) if t < begun + 7200] + [begun + r.random() * seconds for _ in range(size)])
