"""A Deny less one request: the statements that together deny all that it denied, but this.

A policy cannot say "all but this one request" in one statement. So the Deny is cut where it goes through the request: what it denies on
other things, by other actions, to other callers and with other values each stays in a statement of its own. What cannot be cut (one ARN
out of a pattern, since no condition key holds the ARN) stays whole, and is named among what the exception opens.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from undeny import catalog
from undeny.calls.model import Request
from undeny.decide.model import Miss, StatementResult
from undeny.fix import documents, requests, values
from undeny.fix.documents import Json
from undeny.iam import elements, wildcard
from undeny.iam.arn import Arn

OWN_ARNS = ("s3", "sqs", "sns", "kms", "secretsmanager", "dynamodb")
"""Services whose ARNs no other service's actions act on: on one thing of theirs every action is one of theirs.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""
_CALLERS = ("aws:principalarn", "aws:principaltype", "aws:principalisawsservice", "aws:userid", "aws:username")
_TIMES = ("aws:currenttime", "aws:epochtime", "aws:tokenissuetime")


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """The statements that stand in place of the Deny, and what they no longer deny: action, resource, and `*` where to anyone."""

    statements: tuple[Json, ...]
    opens: tuple[str, ...]
    exact: bool
    """Whether nothing but the one request is spared."""
    loose: tuple[str, ...] = ()
    """Keys of the Deny for whose other values the caller is spared too: no operator tells several values, or times, apart from these."""
    by_length: bool = False
    """Whether other actions are told apart by the length of their names: one that AWS adds later may be spared too."""


def excepting(statement: Json, request: Request, told: StatementResult | None, holder: str, at: tuple[str, str]) -> Cut | None:
    """Cut the request out of a Deny; `None` where nothing of it can be told from the rest. `at`: the layer, and the target of its policy.

    `told` is what the engine says of the statement; `holder` the ARN by which conditions know the caller.
    """
    layer, target = at
    on_others, own = _by_resource(statement, request, layer, target)
    by_others, own = _by_action(own, request, layer)
    to_others, anyone = _by_caller(own, request, holder)
    if to_others is None:
        return None
    with_others = tuple(_by_values(own, told))
    rest = [s for s in (on_others, by_others, *to_others, *with_others) if s is not None]
    actions, resources = _spoken(own, "Action", "NotAction"), _spoken(own, "Resource", "NotResource")
    known = catalog.action(request.action)
    whole = resources == ["*"] and (request.resource == "*" or layer == "resource" or (known is not None and not known.resources))
    resource = request.resource if whole or not resources else next(r for r in resources if _on(r, request))
    action = next((a for a in actions if wildcard.matches(a, request.action, ignore_case=True)), "*")
    return Cut(
        statements=tuple(_named_once(rest, statement)),
        opens=(action, resource, "*") if anyone else (action, resource),
        by_length=by_others is not None and "?" in str(by_others.get("Action")) and "?" not in str(statement.get("Action")),
        loose=tuple(dict.fromkeys(h.key for h in (told.held if told else ()) if h.key and _uncut(h))),
        exact=not anyone and action.lower() == request.action.lower() and resource == request.resource,
    )


def _spoken(statement: Json, element: str, other: str) -> list[str]:
    return ["*"] if other in statement else [str(v) for v in elements.listed(statement.get(element))]


def _on(pattern: str, request: Request) -> bool:
    return pattern in ("*", request.resource) or "${" in pattern or wildcard.arn_matches(pattern, request.resource)


def _named_once(statements: Sequence[Json], old: Json) -> Iterator[Json]:
    """Give the statements, the first alone with the old one's `Sid`: IAM refuses two of the same."""
    for index, one in enumerate(statements):
        bare = {k: v for k, v in one.items() if k != "Sid"}
        yield {"Sid": old["Sid"]} | bare if index == 0 and "Sid" in old else bare


def in_order(statement: Json) -> Json:
    """Give the elements in the order in which people write them."""
    order = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
    return {k: statement[k] for k in order if k in statement} | statement


def _with(statement: Json, element: str, value: object, *gone: str) -> Json:
    return in_order({k: v for k, v in statement.items() if k not in (element, *gone)} | {element: value})


# ---- on other things


def _by_resource(statement: Json, request: Request, layer: str, target: str) -> tuple[Json | None, Json]:
    """Split into what is denied on other things (`None`: nothing), and what on this one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
    """
    asked = request.resource
    thing = Arn.parse(target)
    alone = layer == "resource" and (thing is None or thing.service_prefix != "s3")  # the policy of one thing speaks of no other
    if asked == "*" or Arn.parse(asked) is None or alone or not {"Resource", "NotResource"} & set(statement):
        return None, statement
    exact = requests.literal(asked)
    own = _with(statement, "Resource", exact, "NotResource")
    if "NotResource" in statement:
        return _with(statement, "NotResource", [*elements.listed(statement["NotResource"]), exact]), own
    listed = [str(r) for r in elements.listed(statement["Resource"])]
    fitting = [r for r in listed if _on(r, request)]
    others = [r for r in listed if r not in fitting]
    if fitting == [exact]:
        return (_with(statement, "Resource", elements.unlisted(others)) if others else None), own
    if "*" in fitting:
        return _with(statement, "NotResource", exact, "Resource"), own
    if layer == "resource" and f"{target}/*" in fitting:  # of its own bucket a policy denies all objects
        spared = [exact] if target in listed else [target, exact]
        return _with(statement, "NotResource", elements.unlisted(spared), "Resource"), own
    return (_with(statement, "Resource", elements.unlisted(others)) if others else None), _with(
        statement, "Resource", elements.unlisted(fitting)
    )


# ---- by other actions


def _by_action(statement: Json, request: Request, layer: str) -> tuple[Json | None, Json]:
    """Split into what is denied of other actions (`None`: nothing), and what of this one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    """
    action = request.action
    own = _with(statement, "Action", action, "NotAction")
    negates = layer != "rcp"  # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    if "NotAction" in statement:
        return _with(statement, "NotAction", [*elements.listed(statement["NotAction"]), action]), own
    listed = [str(a) for a in elements.listed(statement["Action"])]
    fitting = [a for a in listed if wildcard.matches(a, action, ignore_case=True)]
    left = [a for a in listed if a not in fitting]
    if all(a.lower() == action.lower() for a in fitting):
        return (_with(statement, "Action", elements.unlisted(left)) if left else None), own
    pinned = elements.listed(statement.get("Resource")) == [requests.literal(request.resource)]
    if negates and ("*" in fitting or (pinned and _every_action(fitting, request))):
        return _with(statement, "NotAction", action, "Action"), own
    if "*" in fitting:
        if not pinned:
            return None, statement
        fitting = [f"{action.partition(':')[0]}:*"]
    rest = [*left, *_other_names(fitting, action)]
    return (_with(statement, "Action", rest) if rest else None), own


def _every_action(fitting: Sequence[str], request: Request) -> bool:
    """Whether a pattern holds every action that can be on this thing."""
    prefix = request.action.partition(":")[0].lower()
    arn = Arn.parse(request.resource)
    return arn is not None and arn.service_prefix == prefix and prefix in OWN_ARNS and any(a.lower() == f"{prefix}:*" for a in fitting)


def _other_names(patterns: Sequence[str], action: str) -> list[str]:
    """Give patterns of what `patterns` match, but for one action: names that are shorter or longer, and those as long, by name.

    >>> _other_names(["sqs:Send*"], "sqs:SendMessage")
    ['sqs:Send', 'sqs:Send?', 'sqs:Send??', 'sqs:Send???', 'sqs:Send????', 'sqs:Send?????', 'sqs:Send??????', 'sqs:Send????????*']
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        stem = pattern.removesuffix("*")
        if pattern.endswith("*") and not wildcard.has_wildcard(stem):
            rest = len(action) - len(stem)
            shorter = range(0 if not stem.endswith(":") else 1, rest)
            found |= dict.fromkeys([*(stem + "?" * n for n in shorter), f"{stem}{'?' * (rest + 1)}*"])
            alike = [a for a in catalog.expand(pattern) if len(a) == len(action)]
        else:
            alike = list(catalog.expand(pattern))
        found |= dict.fromkeys(a for a in alike if a.lower() != action.lower())
    return list(found)


# ---- to other callers


def _by_caller(own: Json, request: Request, holder: str) -> tuple[tuple[Json, ...] | None, bool]:
    """Give what is denied to other callers, and whether that leaves out more than this one; `None` where nobody can be told apart.

    Never `NotPrincipal`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    who = requests.caller(request)
    if who.kind == "service":
        return _to_others_than_service(own, request), True
    if who.kind in ("anonymous", "web_identity", "saml", "unknown"):
        # such callers carry no aws:PrincipalArn: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        return (_unless(own, "Null", "aws:PrincipalArn", "false"), *_other_tokens(own, request)), True
    if own.get("Principal") == {"AWS": holder} and who.kind != "root":  # the root's ARN names its whole account
        return (), False
    excluded = own.get("NotPrincipal")
    if isinstance(excluded, Mapping):
        if not elements.listed(excluded.get("AWS")):
            return None, False
        return (_without_not_principal(own, holder),), False
    for operator in ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals", "ArnNotLikeIfExists", "StringNotLikeIfExists"):
        spelled = documents.condition_block(own, operator, "aws:PrincipalArn")
        if spelled:
            there = elements.listed(own["Condition"][spelled[0]][spelled[1]])
            return (documents.with_condition_values(own, *spelled, [*there, holder]),), False
    return (documents.with_condition_values(own, "ArnNotEquals", "aws:PrincipalArn", [holder]),), False


def _unless(own: Json, operator: str, key: str, *held: str) -> Json:
    """Give the statement that asks this of a key too."""
    return documents.with_condition_values(own, operator, key, list(held))


def _other_tokens(own: Json, request: Request) -> Iterator[Json]:
    """Deny whoever comes with another token: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html."""
    for key, value in request.context.items():
        if isinstance(value, str) and key.lower().endswith((":sub", ":aud")):
            yield _unless(own, "StringNotEquals", key, value)


def _to_others_than_service(own: Json, request: Request) -> tuple[Json, ...]:
    """Deny all but AWS's own services, and these too for other things and accounts than the call says it is for.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    found = [_unless(own, "BoolIfExists", "aws:PrincipalIsAWSService", "false")]
    for operator, key in (
        ("StringNotEquals", "aws:PrincipalServiceName"), ("ArnNotEquals", "aws:SourceArn"), ("StringNotEquals", "aws:SourceAccount"),
    ):  # fmt: skip
        value = requests.text(request, key)
        if value and not documents.condition_block(own, operator, key):
            found.append(_unless(own, operator, key, value))
    return tuple(found)


def _without_not_principal(own: Json, arn: str) -> Json:
    """Give the Deny with its spared principals as a condition, which spares the sessions of a role as well.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    spared = [*elements.listed(own["NotPrincipal"].get("AWS")), arn]
    after = in_order({k: v for k, v in own.items() if k != "NotPrincipal"} | {"Principal": "*"})
    return documents.with_condition_values(after, "ArnNotEquals", "aws:PrincipalArn", list(dict.fromkeys(spared)))


# ---- with other values


def _by_values(own: Json, told: StatementResult | None) -> Iterator[Json]:
    """Give what is denied where a key that the Deny asks about has another value than in this call.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    for held in told.held if told else ():
        key, operator = held.key or "", held.operator or ""
        if key.lower().startswith(_CALLERS) or _uncut(held):
            continue
        other = _with_another_value(own, held, key, operator)
        if other is not None:
            yield other


def _uncut(held: Miss) -> bool:
    """Whether no statement can be written for the other values of a key: a time, or several at once."""
    kind = values.bare(held.operator or "")
    many = ":" in (held.operator or "") or len(held.got or ()) > 1
    return bool(held.got) and (many or kind.startswith(("date", "binary")) or (held.key or "").lower().startswith(_TIMES))


def _with_another_value(own: Json, held: Miss, key: str, operator: str) -> Json | None:
    kind = values.bare(operator)
    if not held.got:
        says_absent = kind == "null" and list(held.wanted[:1]) == ["true"]
        return None if says_absent or documents.condition_block(own, "Null", key) else _unless(own, "Null", key, "false")
    if kind in ("null", "bool"):
        return None
    got = [f"{v}/{128 if ':' in v else 32}" if kind.endswith("ipaddress") and "/" not in v else v for v in held.got]
    if values.negated(operator):
        return documents.with_condition_values(own, operator, key, [*held.wanted, *got])
    if list(held.wanted) == list(held.got):
        return None
    negative = {"ipaddress": "NotIpAddress"}.get(kind) or (
        "NumericNotEquals" if kind.startswith("numeric") else "ArnNotEquals" if kind.startswith("arn") else "StringNotEquals"
    )
    return None if documents.condition_block(own, negative, key) else _unless(own, negative, key, *got)
