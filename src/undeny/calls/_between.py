"""What a call tells of another action that was refused behind it: to whom a role was passed, through which service KMS was called."""

from collections.abc import Iterator, Mapping

from undeny import catalog
from undeny.calls._place import Place, service_file
from undeny.calls.model import ContextValue
from undeny.denial.model import Denial

_AWS = ".amazonaws.com"


def context_of(denial: Denial, action: str, place: Place) -> Iterator[tuple[str, ContextValue]]:
    """Give the keys of the refused action that follow from the operation that was called, or from the service that called.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_passedtoservice
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    """
    if action.startswith("kms:"):
        yield from _of_key(denial, place)
    called = _called(denial, action)
    if called is None:
        return
    if action == "iam:PassRole":
        services = {service for name in called.actions or () for service in _passed_to(name)}
        yield from (("iam:PassedToService", service) for service in services if len(services) == 1)
    if action == "ec2:CreateTags":
        yield "ec2:CreateAction", called.name


def _called(denial: Denial, action: str) -> catalog.Operation | None:
    """Give the operation that was called, where it is one of one service and not the refused action's own."""
    found = catalog.operations(denial.operation, denial.event_source or denial.service) if denial.operation is not None else ()
    if len({one.prefix for one in found}) != 1 or action in (found[0].actions or ()):
        return None
    return found[0]


def _passed_to(action: str) -> Iterator[str]:
    table: Mapping[str, tuple[tuple[str, ...], str]] = getattr(service_file(action.partition(":")[0]), "PASSES", {})
    if action in table:
        yield table[action][1]


def _of_key(denial: Denial, place: Place) -> Iterator[tuple[str, ContextValue]]:
    if place.account is not None:
        yield "kms:CallerAccount", place.account
    called = _called(denial, "kms:")
    by = denial.invoked_by.removesuffix(_AWS) if denial.invoked_by is not None and denial.invoked_by.endswith(_AWS) else None
    prefix = by if by is not None and "." not in by else called.prefix if called is not None and called.prefix != "kms" else None
    if prefix is not None:
        yield "aws:ViaAWSService", "true"
        if place.region is not None:
            yield "kms:ViaService", f"{prefix}.{place.region}{_AWS}"
