"""The kinds of disagreement that were settled, each by AWS's documentation: what is left of one when it is made small tells its kind."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from expressible import statements
from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.principal import Principal

Json = dict[str, Any]
IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
FOLLOWING = {"aws:principalaccount", "aws:username", "aws:principaltype", "aws:principalarn"}
WILDCARDS = IAM + "reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards"
ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/"


@dataclass(frozen=True)
class Kind:
    """A settled kind. `right` is `undeny`, or `outside`: then undeny was mended, and it no longer shows."""

    id: str
    title: str
    rule: str
    source: str
    fits: Callable[[Json], bool]
    right: str = "undeny"


def entries(scenario: Json, element: str) -> list[str]:
    """Give all values of an element, of every statement of every layer."""
    found = [one.get(element, []) for one in statements(scenario["policies"])]
    named = [value for one in found for value in (one.values() if isinstance(one, dict) else [one])]
    return [value for values in named for value in (values if isinstance(values, list) else [values])]


def conditions(scenario: Json) -> Iterator[tuple[str, str, str]]:
    """Give operator, key and each value."""
    for one in statements(scenario["policies"]):
        for name, block in one.get("Condition", {}).items():
            for key, values in block.items():
                for value in values if isinstance(values, list) else [values]:
                    yield name, key, value


def resources(scenario: Json) -> list[str]:
    """Give all entries of Resource and NotResource."""
    return entries(scenario, "Resource") + entries(scenario, "NotResource")


def caller(scenario: Json) -> str:
    """Give who calls."""
    return str(scenario["request"]["principal"])


def action(scenario: Json) -> str:
    """Give the action in lower case."""
    return str(scenario["request"]["action"]).lower()


def across(scenario: Json) -> bool:
    """Whether the resource is another account's."""
    owner = scenario["request"]["resource_account"]
    return owner is not None and caller(scenario).startswith("arn:") and Principal.parse(caller(scenario)).account != owner


def beyond(scenario: Json) -> bool:
    """Whether an entry fits only as one of its wildcards that ends a segment runs past a colon."""
    arn = scenario["request"]["resource"]
    plain = [entry for entry in resources(scenario) if entry != "*"]
    return any(wildcard.arn_matches(entry, arn) and not wildcard.arn_like(entry, arn) for entry in plain)


def within(scenario: Json) -> bool:
    """Whether an entry would fit if a wildcard in the middle of a segment could run past a colon."""
    arn = scenario["request"]["resource"]
    return any(wildcard.matches(entry, arn) and not wildcard.arn_matches(entry, arn) for entry in resources(scenario))


def variables(scenario: Json, version: str | None) -> bool:
    """Whether a policy of that version, or an older one, holds a variable."""
    found = [policy for policy in documents(scenario["policies"]) if "${" in json.dumps(policy)]
    return any((policy.get("Version") == "2012-10-17") is (version is not None) for policy in found)


def documents(value: Any) -> list[Json]:
    """Find every policy document within the layers."""
    if isinstance(value, list):
        return [found for one in value for found in documents(one)]
    if not isinstance(value, dict):
        return []
    return [value] if "Statement" in value else [found for one in value.values() for found in documents(one)]


def names_session(scenario: Json) -> bool:
    """Whether the resource's policy names the caller's session itself, and a session policy is there."""
    return scenario["policies"]["session"] is not None and caller(scenario) in json.dumps(scenario["policies"]["resource"])


def absent_of_any(scenario: Json) -> bool:
    """Whether `ForAnyValue:...IfExists` asks for a key that is absent."""
    given = {key.lower() for key, value in scenario["request"]["context"].items() if value is not None}
    return any(
        name.startswith("ForAnyValue:") and name.endswith("IfExists") and key.lower() not in given for name, key, _ in conditions(scenario)
    )


def role_path(scenario: Json) -> bool:
    """Whether the role's path, which a session's ARN does not show, is known from `aws:PrincipalArn`."""
    named = scenario["request"]["context"].get("aws:PrincipalArn")
    return ":assumed-role/" in caller(scenario) and named is not None and ":role/" in json.dumps(scenario["policies"]["resource"])


def blocks_public(scenario: Json) -> bool:
    """Whether Block Public Access restricts the bucket."""
    return "'RestrictPublicBuckets': True" in str(scenario.get("resources"))


def serviced(scenario: Json) -> bool:
    """Whether a service-linked role calls, or is the resource."""
    who, what = caller(scenario), scenario["request"]["resource"]
    return any("AWSServiceRoleFor" in arn for arn in (who, what))


def dated(scenario: Json) -> bool:
    """Whether a date stands in seconds on one side."""
    return any(name.replace("IfExists", "").split(":")[-1].startswith("Date") for name, _, _ in conditions(scenario))


def gated(scenario: Json) -> bool:
    """Whether a policy of the organisation or of an endpoint is left."""
    return any(scenario["policies"][layer] for layer in ("scp", "rcp", "endpoint"))


def substituted(scenario: Json) -> bool:
    """Whether a condition has a variable whose key has a value."""
    given = {key.lower() for key, value in scenario["request"]["context"].items() if value is not None} | FOLLOWING
    found = [name for _, _, value in conditions(scenario) for name in re.findall(r"\$\{([^,}]+)", value)]
    return variables(scenario, "2012-10-17") and any(name.lower() in given for name in found)


def principals(scenario: Json) -> list[str]:
    """Give the users, roles and sessions that principal elements name."""
    return re.findall(r"arn:aws:(?:iam|sts)::\d+:(?:user|role|assumed-role)/[^\"]+", json.dumps(entries(scenario, "Principal")))


def everyone(scenario: Json) -> str:
    """Give the principal elements as text."""
    return json.dumps(entries(scenario, "Principal"))


KINDS: tuple[Kind, ...] = (
    Kind("no-permission-needed", "`sts:GetCallerIdentity` needs no permission",
         "No permission is required, and a Deny in the caller's own policies changes nothing.",
         "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
         lambda s: action(s) == "sts:getcalleridentity" and not gated(s), right="outside"),
    Kind("no-permission-and-gates", "an SCP or endpoint policy on a call that needs no permission",
         "AWS speaks of policies of the caller's identity alone: where an SCP or endpoint policy would forbid it, it is unknown.",
         "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
         lambda s: action(s) == "sts:getcalleridentity" and gated(s), right="not documented"),
    Kind("not-principal", "Deny with NotPrincipal spares a session only if account, role and session are listed",
         "NotPrincipal is not the complement of Principal: account, role and session must each be named.",
         IAM + "reference_policies_elements_notprincipal.html", lambda s: bool(entries(s, "NotPrincipal"))),
    Kind("claims", "a token's claims are keys of the request",
         "Claims of a web identity token (`token.actions.githubusercontent.com:sub`) are condition keys in a trust policy.",
         IAM + "reference_policies_iam-condition-keys.html#condition-keys-wif",
         lambda s: any(re.match(r"token\.|accounts\.google|cognito|saml", key, re.IGNORECASE) for _, key, _ in conditions(s))),
    Kind("if-exists-of-any", "`ForAnyValue:...IfExists` holds when the key is absent",
         "With `IfExists`, a key that is not present makes the condition element true.",
         IAM + "reference_policies_elements_condition_operators.html#Conditions_IfExists", absent_of_any),
    Kind("dates", "dates compare as instants", "A date is ISO 8601 or epoch seconds, on either side.",
         IAM + "reference_policies_elements_condition_operators.html#Conditions_Date", dated),
    Kind("newline", "a wildcard matches every character, a newline too",
         "`*` stands for any combination of zero or more characters.", IAM + "reference_policies_elements_resource.html",
         lambda s: "\n" in s["request"]["resource"] and any(set(entry) & {"*", "?"} for entry in resources(s) if entry != "*")),
    Kind("star-past-colon", "a `*` that ends its segment runs past the colon",
         "`*` as the last character of an ARN segment can expand past colon boundaries.", WILDCARDS, beyond),
    Kind("star-in-the-middle", "any other wildcard stays within its segment",
         "Only `*` as the last character of a segment can run past colons.", WILDCARDS, within),
    Kind("variable-default", "`${key, 'default'}` in Resource", "The default stands for a variable without a value, in Resource too.",
         IAM + "reference_policies_variables.html#policy-vars-default-values", lambda s: any(", '" in entry for entry in resources(s))),
    Kind("variable-substituted", "a variable in a condition stands for its value",
         "Policy variables are substituted in string and ARN condition values.",
         IAM + "reference_policies_variables.html#policy-vars-wheretouse", substituted),
    Kind("every-request", "`aws:PrincipalIsAWSService` and `aws:ViaAWSService` are in every signed request",
         "Both keys are present with `true` or `false`, whoever signs.",
         IAM + "reference_policies_condition-keys.html#condition-keys-principalisawsservice",
         lambda s: any(key.lower() in ("aws:principalisawsservice", "aws:viaawsservice") for _, key, _ in conditions(s))),
    Kind("mfa-present", "temporary credentials carry `aws:MultiFactorAuthPresent`",
         "The key is there, `true` or `false`, when the call is signed with temporary credentials.",
         IAM + "reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
         lambda s: any(key.lower() == "aws:multifactorauthpresent" for _, key, _ in conditions(s))),
    Kind("external-id", "`sts:ExternalId` is a key for every policy of the call",
         "A key of the request can be used in any policy that applies to it, not in the trust policy alone.",
         "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html",
         lambda s: any(key.lower() == "sts:externalid" for _, key, _ in conditions(s))),
    Kind("principal-tags", "the caller's tags are keys for the resource's policy too",
         "`aws:PrincipalTag/...` is there for every principal with tags, also in another account's resource policy.",
         IAM + "reference_policies_condition-keys.html#condition-keys-principaltag",
         lambda s: across(s) and any(key.lower().startswith("aws:principaltag/") for _, key, _ in conditions(s))),
    Kind("old-version", "variables are text in a policy of another version than 2012-10-17",
         "In an earlier version, or without `Version`, a variable is literal text.",
         IAM + "reference_policies_elements_version.html", lambda s: variables(s, None)),
    Kind("null-variable", "a variable without a value is null: inverted operators and NotResource match",
         "If a variable has no value, `StringNotEquals` and the like do match; a resource entry with it matches nothing.",
         IAM + "reference_policies_variables.html#policy-vars-no-value", lambda s: variables(s, "2012-10-17")),
    Kind("wildcard-in-resource-type", "a wildcard may stand in the resource type",
         "`*` and `?` anywhere in the last part of the ARN, across `/` and `:`.", WILDCARDS,
         lambda s: any(re.match(r"(?:[^:]*:){5}[^/:]*[*?]", entry) for entry in resources(s) if entry != "*")),
    Kind("session-named", "a grant to the session itself is not cut by the session policy",
         "Permissions that a resource policy gives to the session's ARN are not limited by the session policy.",
         IAM + "access_policies.html#policies_session", names_session),
    Kind("role-path", "a role's path is part of its ARN", "A role ARN in Principal names that role, path and all.",
         IAM + "reference_policies_elements_principal.html#principal-roles", role_path),
    Kind("block-public-access", "RestrictPublicBuckets takes the public statement away: no deny is explicit",
         "Both deny; whether explicitly is not documented. To undeny a statement that was switched off is no allow.",
         "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html", blocks_public,
         right="not documented"),
    Kind("google", "`accounts.google.com` is a caller by itself",
         "AssumeRoleWithWebIdentity has no identity side, whichever provider made the token: the trust policy decides.",
         IAM + "reference_policies_elements_principal.html#principal-federated-web-identity",
         lambda s: caller(s) == "accounts.google.com" or "accounts.google.com" in json.dumps(s["policies"])),
    Kind("kms-across-accounts", "only some KMS operations work across accounts",
         "Other operations on a key of another account are denied whatever the policies say.",
         "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
         lambda s: across(s) and action(s).startswith("kms:")),
    Kind("pass-role-across-accounts", "a role of another account cannot be passed", "You cannot pass a role across accounts.",
         IAM + "id_roles_use_passrole.html", lambda s: across(s) and action(s) == "iam:passrole"),
    Kind("rcp-without-resource", "an RCP does not reach a call without a resource",
         "RCPs apply to resources of the organisation's accounts; actions without a resource type are outside.",
         ORGANIZATIONS + "orgs_manage_policies_rcps.html", lambda s: bool(s["policies"]["rcp"]) and s["request"]["resource"] == "*"),
    Kind("rcp-retire-grant", "an RCP does not reach `kms:RetireGrant`", "`kms:RetireGrant` is not affected by RCPs.",
         ORGANIZATIONS + "orgs_manage_policies_rcps.html", lambda s: bool(s["policies"]["rcp"]) and action(s) == "kms:retiregrant"),
    Kind("service-linked-role", "service-linked roles are outside SCPs and RCPs",
         "SCPs and RCPs affect no service-linked role.", ORGANIZATIONS + "orgs_manage_policies_scps.html",
         lambda s: serviced(s) and bool(s["policies"]["scp"] or s["policies"]["rcp"])),
    Kind("rcp-services", "an RCP reaches the services of AWS's list only", "RCPs apply to a subset of services.",
         ORGANIZATIONS + "orgs_manage_policies_rcps.html#rcp-supported-services",
         lambda s: bool(s["policies"]["rcp"]) and action(s).split(":")[0] not in catalog.rcp_services().prefixes),
    Kind("root-identity-side", "the root user's identity side is always allowed",
         "Neither identity policies nor a boundary bind the account root user.",
         IAM + "reference_policies_evaluation-logic.html", lambda s: caller(s).endswith(":root")),
    Kind("federated-user-without-session-policy", "`GetFederationToken` without a session policy allows nothing",
         "A federated user session made without a policy has no permissions but those that a resource policy gives it.",
         "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
         lambda s: ":federated-user/" in caller(s) and s["policies"]["session"] is None),
    Kind("bucket-names-foreign-principal", "a bucket policy may name a user or role of another account",
         "With an allow on both sides the call is allowed, whether the bucket's policy names the account or the principal.",
         "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html",
         lambda s: across(s) and action(s).startswith("s3:") and bool(principals(s))),
    Kind("explicit-first", "an explicit deny decides before a missing allow",
         "The denial is explicit if any policy that applies denies explicitly.",
         IAM + "reference_policies_evaluation-logic_policy-eval-denyallow.html",
         lambda s: any(one["Effect"] == "Deny" for one in statements([s["policies"]["resource"]])) and not s["policies"]["identity"]),
    Kind("trust-everyone", "a trust policy that names everyone is enough within the account",
         "A grant to `*` in a resource's policy needs no identity policy within the account; only a grant to the account delegates.",
         IAM + "reference_policies_evaluation-logic_policy-eval-basics.html",
         lambda s: action(s) == "sts:assumerole" and not across(s) and "*" in everyone(s)),
)  # fmt: skip


def kind_of(scenario: Json) -> Kind | None:
    """Give the kind of a small disagreement, `None` where it is none that was settled."""
    return next((kind for kind in KINDS if kind.fits(scenario)), None)
