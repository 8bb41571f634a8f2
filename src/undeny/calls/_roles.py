"""Roles that a call hands to a service: iam:PassRole has no call of its own."""

from collections.abc import Iterator, Mapping
from types import ModuleType

from undeny.calls._behind import Call, Reason, beside
from undeny.calls._place import dig
from undeny.calls.model import ContextValue, Request
from undeny.iam import arn as arns
from undeny.iam import wildcard

PASSING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"


def passes(call: Call, module: ModuleType) -> Iterator[Request]:
    """Give iam:PassRole for each role that the call names."""
    table: Mapping[str, tuple[tuple[str, ...], str]] = getattr(module, "PASSES", {})
    if call.request.action not in table:
        return
    paths, service = table[call.request.action]
    for role in dict.fromkeys(named(call, paths)):
        yield pass_role(call, role, service)


def named(call: Call, paths: tuple[str, ...]) -> Iterator[str]:
    """Give the ARNs of the roles that the call names; where nothing is known of its parameters, those that its resource has."""
    source = call.request.parameters or call.facts()
    for path in paths:
        for text in dig(source, path):
            if isinstance(text, str):
                yield from role_arn(call, text)


def role_arn(call: Call, text: str) -> Iterator[str]:
    """Give a role's ARN by ARN or name; an instance profile gives the role in it, if its facts were read."""
    parsed = arns.parse(text)
    if parsed is not None and parsed.resource_type == "instance-profile":
        yield from in_profile(call, text)
    elif parsed is not None:
        yield from (text,) if parsed.resource_type == "role" else ()
    elif call.caller_account is not None and not wildcard.has_wildcard(text):
        yield _read(call, text) or f"arn:{call.place.partition}:iam::{call.caller_account}:role/{text.removeprefix('role/')}"


def in_profile(call: Call, text: str) -> Iterator[str]:
    """Give the ARN of the role in an instance profile, by the profile's ARN or name, if its facts were read: the names need not agree."""
    profile = text if text.startswith("arn:") else f"arn:{call.place.partition}:iam::{call.caller_account}:instance-profile/{text}"
    yield from (role for role in dig(call.facts(profile), "Roles.Arn") if isinstance(role, str))


def _read(call: Call, name: str) -> str | None:
    """Give the ARN, with its path, of a role of that name that was read."""
    for text in call.settings:
        parsed = arns.parse(text)
        if parsed is not None and parsed.service_prefix == "iam" and parsed.resource_type == "role" and parsed.name == name:
            return text
    return None


def pass_role(call: Call, role: str, service: str) -> Request:
    """Make the check that the caller may pass a role to a service."""
    context: dict[str, ContextValue] = {"iam:PassedToService": service}
    resource = call.request.resource
    if arns.parse(resource) is not None and not wildcard.has_wildcard(resource):
        context["iam:AssociatedResourceArn"] = resource
    return beside(call, "iam:PassRole", role, Reason(f"the call hands the role to {service}", PASSING), context)
