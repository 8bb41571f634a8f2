"""Call more slowly: the SDK's adaptive retries, more attempts, and a smaller number of calls at once; no policy has to do with it."""

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import CallEdit, Fix

CODES = ("throttled",)
SOURCE = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"
TOOLS = (
    # what the text has in it: what to set there
    ("terraform", 'Terraform: provider "aws" { retry_mode = "adaptive", max_retries = 25 } and terraform apply -parallelism=5'),
    ("cloudformation", "CloudFormation: DependsOn between the things that throttle each other, or smaller stacks"),
    ("node_modules", 'JavaScript: new Client({ retryMode: "adaptive", maxAttempts: 10 })'),
    ("botocore", 'Python: Config(retries={"mode": "adaptive", "max_attempts": 10})'),
    ("software.amazon.awssdk", "Java: ClientOverrideConfiguration with retryStrategy(RetryMode.ADAPTIVE_V2)"),
)
"""https://registry.terraform.io/providers/hashicorp/aws/latest/docs#retry_mode, and the SDKs' guides."""
EVERYWHERE = "any SDK and the CLI: AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=10"
SERVICES = (
    ("too many tokens", "Bedrock counts tokens in a minute: shorter prompts, another Region's profile, or a higher quota of that model"),
    ("provisionedthroughput", "DynamoDB: on-demand capacity or auto scaling of the table and its indexes, and keys that spread"),
    ("sending rate", "SES: send at the account's own rate (aws sesv2 get-account shows MaxSendRate)"),
    ("concurren", "Lambda: the account's concurrent executions, or the function's reserved concurrency"),
    ("simultaneously", "start so many at a time, and the next when one is done"),
)


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the retry settings that fit the tool of the text, and what the service itself counts."""
    del cause
    text = f"{case.denial.text or ''} {case.denial.message or ''} {case.denial.error_code or ''} {case.denial.wrapper or ''}".lower()
    lines = [EVERYWHERE, *(line for mark, line in TOOLS if mark in text), *(line for mark, line in SERVICES if mark in text)]
    edit = CallEdit(how="\n".join(lines))
    title = "repeat with growing pauses and call less at once: undeny run --retry 60 -- COMMAND"
    return (Fix(id="", title=title, layer="call", applicability="has_placeholders", changes=(edit,)),)
