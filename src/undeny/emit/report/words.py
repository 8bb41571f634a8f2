"""How things are called when undeny speaks: people's names for principals, resources and layers."""

from datetime import UTC, datetime, timedelta

from undeny.calls.model import Request
from undeny.decide.model import LayerName
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

MARKS = {"allowed": "✓", "implicitly_denied": "✗", "explicitly_denied": "✗", "unknown": "?", "not_applicable": "–"}
LEGEND = "✓ allows  ✗ blocks  ? not read  – none"
CHECKED = {"scp": "SCP", "rcp": "RCP", "identity": "principal", "resource": "resource policy"} | {
    name: name for name in ("endpoint", "boundary", "session")
}
AWS_SAID = {"allowed": "allows", "explicitly_denied": "denies", "implicitly_denied": "does not allow", "no_impact": "has no say"}
"""AWS's own checks, as people call them, and what they came to."""
OWN_POLICY = {"s3": "bucket policy", "kms": "key policy", "sqs": "queue policy", "sns": "topic policy", "sts": "trust policy"}
KEPT = timedelta(days=90)
"""How long event history keeps an event (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html)."""


def principal(text: str | None) -> str:
    """Give a caller as people say it: `role App in 111122223333, session i-0abc12`."""
    if text is None:
        return "not said"
    who = Principal.parse(text)
    where = f" in {who.account}" if who.account else ""
    match who.kind:
        case "role_session":
            return f"role {who.name}{where}, session {who.session_name}"
        case "role" | "user":
            return f"{who.kind} {who.name}{where}"
        case "root":
            return f"the root user of {who.account}"
        case "federated_user":
            return f"federated user {who.name}{where}"
        case "anonymous":
            return "anonymous: no credentials"
        case "service" | "web_identity" | "saml" | "oai" | "unique_id" | "unknown":
            return text


def short_principal(text: str | None) -> str:
    """Give a caller in two words: `role App`."""
    return principal(text).split(" in ")[0]


def policy_of(layer: LayerName, request: Request) -> str:
    """Name a layer for the request at hand: the resource layer is the bucket's, the key's, the role's policy."""
    if layer == "resource":
        return OWN_POLICY.get(request.action.partition(":")[0].lower(), "resource policy")
    return {"rcp": "RCP", "scp": "SCP", "scope_down": "scope-down"}.get(layer, layer)


def account_of(request: Request) -> str | None:
    """Give the account of a request's resource, `None` where nothing says it."""
    if request.resource_account:
        return request.resource_account
    arn = Arn.parse(request.resource)
    return arn.account if arn and arn.account.isdigit() else None


def resource(request: Request) -> str:
    """Say what the call was made on, in whose account, and what that means for who must allow it."""
    if request.resource == "*":
        return "nothing in particular (`*`)"
    owner = account_of(request)
    caller = Principal.parse(request.principal).account if request.principal else None
    where = f" in {owner}" if owner and f":{owner}:" not in request.resource else ""
    if not owner or not caller:
        return f"{request.resource}{where}"
    if owner == caller:
        return f"{request.resource}{where} (same account)"
    return f"{request.resource}{where} (another account: both sides must allow)"


def when(time: datetime | None) -> str:
    """Give a time in UTC to the second, `not said` for none."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if time else "not said"


def moment(time: datetime, near: datetime | None) -> str:
    """Give the hour of a time on the day of `near`, and the day too where it is another."""
    same = near is not None and near.astimezone(UTC).date() == time.astimezone(UTC).date()
    return time.astimezone(UTC).strftime("%H:%M" if same else "%Y-%m-%d %H:%M")


def span(length: timedelta) -> str:
    """Give a length of time as people say it: `40 seconds`, `12 minutes`, `3 hours`."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 2:
        return count(int(length.total_seconds()), "second")
    return count(minutes, "minute") if minutes < 120 else count(minutes // 60, "hour")


def kept_until(time: datetime) -> str:
    """Give the day until which event history and AWS Support can find a request of that time."""
    return (time.astimezone(UTC) + KEPT).strftime("%Y-%m-%d")


def count(number: int, noun: str) -> str:
    """Give `1 policy`, `2 policies`, `3 layers`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{number:,} {noun}s"
