"""The doors of the room: one request decided, a scenario evaluated, policies compiled for many requests."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from undeny.calls.model import Request
from undeny.decide import explain as explaining
from undeny.decide.call import RESOURCE, Call, make_call, shape
from undeny.decide.context import given
from undeny.decide.model import Verdict
from undeny.decide.plan import Plan, make_plan
from undeny.decide.rules import CompiledLayers, compile_all
from undeny.errors import UndenyError
from undeny.evidence import policies_for, scenario
from undeny.evidence.model import Evidence, Gap, Policies, PolicySet, Resource
from undeny.iam import arn as arns
from undeny.iam.variables import Context, KeyValue

_PLANS = 8192
_VERDICTS = 4096
_LAYERS: dict[int, tuple[Policies, CompiledLayers]] = {}


def decide(request: Request, evidence: Evidence, *, main: Request | None = None, explain: bool = True) -> Verdict:
    """Decide one authorization request over the evidence.

    `main` is the user's own request where `request` is a call behind it: the layers are then the caller's, with that thing's own policy.
    Without `explain` the verdict holds only the statements that apply or may.
    """
    policies = evidence.policies if main is None else policies_for(evidence, main, request)
    told = given(request.context, request.unknown_keys)
    call = make_call(
        request.principal,
        request.action,
        request.resource,
        request.resource_account,
        _text(told.get("aws:principalarn")),
        things=evidence.resources,
        parameters=request.parameters,
        now=evidence.now,
        boundary=_has(policies.boundary),
        resource_untold="resource" in told,
        source_vpce=_text(told.get("aws:sourcevpce")),
    )
    plan = make_plan(call, _layers(policies))
    return _verdict(plan, plan.context(told), request, explain=explain)


def evaluate(mapping: Mapping[str, Any]) -> Verdict:
    """Decide the request of a scenario, exactly that one. Raises `UndenyError` for a scenario that is none, or has no request."""
    read = scenario.read(mapping)
    if read.request is None:
        raise UndenyError("the scenario has no `request`", help=("explain reads the request from its text or event",), code="no-request")
    request = read.request
    parameters = (read.event or {}).get("requestParameters")
    if not request.parameters and isinstance(parameters, Mapping):
        request = msgspec.structs.replace(request, parameters=parameters)
    return msgspec.structs.replace(decide(request, read.evidence), id=read.id)


class Compiled:
    """Policies compiled for many requests, each a `Request` or a mapping as a scenario's `request`."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._layers = compile_all(policies)
        self._boundary = _has(policies.boundary)
        self._plans: dict[tuple[Any, ...], Plan] = {}
        self._seen: set[str] = set()
        self._verdicts: dict[tuple[Any, ...], Verdict] = {}

    def allows(self, request: Request | Mapping[str, Any]) -> bool:
        """Whether the request is allowed: false where it is denied, and where that is not known."""
        if isinstance(request, Request):
            told = given(request.context, request.unknown_keys)
            parameters: Mapping[str, Any] | None = request.parameters
            who, action, resource, account = request.principal, request.action, request.resource, request.resource_account
        else:
            told = given(request.get("context") or {}, request.get("unknown_keys") or ())
            parameters = request.get("parameters")
            who, action, resource, account = _parts(request)
        plan = self._plans.get((who, action, resource, account, told.get("aws:principalarn"))) if "resource" not in told else None
        if plan is None or parameters:
            plan = self._fresh(who, action, resource, account, told, parameters)
        context = plan.context(told)
        if plan.call.stands_for_many:
            context[RESOURCE] = resource
        return plan.allows(context)

    def _fresh(  # noqa: PLR0913, PLR0917 - the parts of a request, all of them independent
        self,
        principal: str | None,
        action: str,
        resource: str,
        account: str | None,
        told: Mapping[str, KeyValue],
        parameters: Mapping[str, Any] | None,
    ) -> Plan:
        """Give a plan for a resource that was not asked for lately: one for all of its shape; its own when it comes again."""
        kind = shape(resource)
        if kind is None or parameters or resource in self._seen or "resource" in told:
            return self._plan(principal, action, resource, account, told, parameters)
        if len(self._seen) >= _PLANS:
            self._seen.clear()
        self._seen.add(resource)
        role = told.get("aws:principalarn")
        key = (principal, action, kind, account, role, "many")
        plan = self._plans.get(key)
        if plan is None:
            plan = make_plan(self._call(principal, action, resource, account, role, {}, stands_for_many=True), self._layers)
            self._keep(key, plan)
        return plan

    def decide(self, request: Request | Mapping[str, Any], *, explain: bool = True) -> Verdict:
        """Decide a request, with the statements that decide. What was asked lately is answered with the same verdict again."""
        asked = request if isinstance(request, Request) else _request(request)
        told = given(asked.context, asked.unknown_keys)
        who, action, resource, account = asked.principal, asked.action, asked.resource, asked.resource_account
        key = (who, action, resource, account, asked.why, explain, frozenset(told.items()))
        known = None if asked.parameters else self._verdicts.get(key)
        if known is not None:
            return known
        plan = self._plan(who, action, resource, account, told, asked.parameters)
        verdict = _verdict(plan, plan.context(told), asked, explain=explain)
        if not asked.parameters:
            if len(self._verdicts) >= _VERDICTS:
                self._verdicts.clear()
            self._verdicts[key] = verdict
        return verdict

    def _plan(  # noqa: PLR0913, PLR0917 - the parts of a request, all of them independent
        self,
        principal: str | None,
        action: str,
        resource: str,
        account: str | None,
        told: Mapping[str, KeyValue],
        parameters: Mapping[str, Any] | None,
    ) -> Plan:
        role = told.get("aws:principalarn")
        untold = "resource" in told
        key = (principal, action, resource, account, role, "untold") if untold else (principal, action, resource, account, role)
        plan = self._plans.get(key)
        if plan is not None and not parameters:
            return plan
        call = self._call(principal, action, resource, account, role, parameters or {}, resource_untold=untold)
        plan = make_plan(call, self._layers)
        if not parameters:
            self._keep(key, plan)
        return plan

    def _call(  # noqa: PLR0913, PLR0917 - the parts of a request, all of them independent
        self,
        principal: str | None,
        action: str,
        resource: str,
        account: str | None,
        role: KeyValue,
        parameters: Mapping[str, Any],
        *,
        stands_for_many: bool = False,
        resource_untold: bool = False,
    ) -> Call:
        return make_call(
            principal,
            action,
            resource,
            account,
            _text(role),
            things=_NOTHING,
            parameters=parameters,
            boundary=self._boundary,
            stands_for_many=stands_for_many,
            resource_untold=resource_untold,
        )

    def _keep(self, key: tuple[Any, ...], plan: Plan) -> None:
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        self._plans[key] = plan


_NOTHING: Mapping[str, Resource] = {}


def compile_policies(policies: Mapping[str, Any]) -> Compiled:
    """Compile the `policies` of a scenario. Raises `UndenyError` for what is no such mapping."""
    return Compiled(scenario.policies(policies))


def _verdict(plan: Plan, context: Context, request: Request, *, explain: bool) -> Verdict:
    settled = plan.settle(context)
    found = explaining.judged(plan, context, every=explain)
    wanted = explaining.needs(plan, settled, found)
    return Verdict(
        decision=settled.decision,
        layers=settled.layers,
        blocked_by=settled.blocked_by,
        statements=explaining.arranged(found, settled, every=explain),
        needs=tuple(need.what for need in wanted),
        open=wanted,
        action=request.action,
        resource=request.resource,
        principal=request.principal,
        notes=explaining.notes(plan, settled, context),
        why=request.why,
    )


def _layers(policies: Policies) -> CompiledLayers:
    """Compile a set of policies once: the same value comes again for every request and proof over it."""
    found = _LAYERS.get(id(policies))
    if found is not None and found[0] is policies:
        return found[1]
    if len(_LAYERS) > 256:
        _LAYERS.clear()
    made = compile_all(policies)
    _LAYERS[id(policies)] = (policies, made)
    return made


def _has(policies: PolicySet) -> bool | None:
    return None if isinstance(policies, Gap) else policies is not None


def _text(value: KeyValue) -> str | None:
    return value if isinstance(value, str) else None


def _parts(request: Mapping[str, Any]) -> tuple[str | None, str, str, str | None]:
    action, resource = request.get("action"), request.get("resource") or "*"
    if not action:
        raise UndenyError("the request has no `action`", help=("an action reads like s3:GetObject",), code="no-action")
    account = request["resource_account"] if "resource_account" in request else _account(resource)
    return request.get("principal"), action, resource, account


def _account(resource: str) -> str | None:
    arn = arns.parse(resource)
    return arn.account if arn is not None and len(arn.account) == 12 and arn.account.isdigit() else None


def _request(asked: Mapping[str, Any]) -> Request:
    principal, action, resource, account = _parts(asked)
    keys: Sequence[str] = asked.get("unknown_keys") or ()
    return Request(
        principal=principal,
        action=action,
        resource=resource,
        resource_account=account,
        context={key: tuple(value) if isinstance(value, list) else value for key, value in (asked.get("context") or {}).items()},
        unknown_keys=tuple(keys),
        parameters=asked.get("parameters") or {},
    )
