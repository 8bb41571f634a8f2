"""Short human names for what a summary speaks of: `role App`, bucket names, actions."""

from undeny.calls.model import Request
from undeny.decide.model import StatementResult
from undeny.diagnose import facts
from undeny.diagnose.model import Case
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal, PrincipalKind

_ROOMY = 48


def who(principal: str | None) -> str:
    """Name a caller as a person would: `role App`, `user dev`, `lambda.amazonaws.com`."""
    if not principal:
        return "the caller"
    parsed = Principal.parse(principal)
    name = parsed.name or principal
    root = f"the root user of {parsed.account}" if parsed.account else "the root user"
    told: dict[PrincipalKind, str] = {
        "role": f"role {name}",
        "role_session": f"role {name}",
        "user": f"user {name}",
        "federated_user": f"federated user {name}",
        "root": root,
        "anonymous": "an anonymous caller",
        "web_identity": f"a token from {name}",
        "saml": f"a login through {name}",
        "oai": "the CloudFront origin access identity",
    }
    return told.get(parsed.kind, principal)


def thing(arn: str | None) -> str:
    """Name a resource shortly, in backticks: the last part of its ARN."""
    if not arn or arn == "*":
        return "any resource"
    parsed = Arn.parse(arn)
    if parsed and parsed.service_prefix == "kms" and parsed.resource_type == "key":
        return f"key `{parsed.resource_id[:8]}…`" if len(parsed.resource_id) > 8 else "any key"
    name = parsed.resource if parsed else arn
    name = name if len(name) <= _ROOMY else "…" + name[-_ROOMY:]
    return f"`{name or arn}`"


def many(values: tuple[str, ...] | None) -> str:
    """List values in backticks, three at most; `nothing` for none."""
    if not values:
        return "nothing"
    shown = ", ".join(f"`{value}`" for value in values[:3])
    return shown + (f" and {len(values) - 3} more" if len(values) > 3 else "")


def fill(case: Case, template: str) -> str:
    """Fill `{who}`, `{what}` and `{on}` of a summary from what the case says."""
    request = facts.main(case)
    principal = request.principal if request else case.denial.principal
    action = case.denial.action or (request.action if request else None) or case.denial.operation
    resource = case.denial.resource or (request.resource if request and action in (request.action, case.denial.operation) else None)
    if not resource or resource == "*":
        template = template.replace(" on {on}", "")
    return template.format(who=who(principal), what=action or "this", on=thing(resource) if resource and resource != "*" else "it")


def call(request: Request) -> str:
    """Say what a request does: `s3:PutObject on ...`."""
    return request.action if request.resource == "*" else f"{request.action} on {thing(request.resource)}"


def labelled(statement: StatementResult) -> str:
    """Name a statement as a page does: its number from 1 and its Sid."""
    name = f' "{statement.sid}"' if statement.sid else ""
    where = f" of {statement.policy}" if statement.policy else ""
    return f"statement {statement.index + 1}{name}{where}"
