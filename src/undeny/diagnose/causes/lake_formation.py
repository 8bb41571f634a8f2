"""A Lake Formation permission is missing."""

from undeny.diagnose import facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="lake-formation",
    bucket="permission",
    title="a Lake Formation permission is missing",
    text="""Where Lake Formation governs a database or table of the Glue catalogue, IAM allows are not enough: the principal needs a
grant there as well (DESCRIBE, SELECT, ...), and lakeformation:GetDataAccess for the data.

Signs: "Insufficient Lake Formation permission(s): Required Describe on ..."; the real caller is often a service's role (MWAA, Glue,
Athena).

Mends it: lakeformation grant-permissions for exactly that principal on exactly that table, by a data lake administrator.

Does not: glue:GetTable or s3:GetObject in an IAM policy. A table that does not exist answers the same way to who may not create tables.""",
    source="https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-overview.html",
    example="AccessDeniedException: Insufficient Lake Formation permission(s): Required Describe on sales",
    related=("not-found-hidden", "identity-missing-allow"),
)
SIGNS = (
    Sign(
        says="{who} lacks a Lake Formation permission, the text says; IAM policies do not give it",
        words=("insufficient lake formation", "lake formation permission", "lakeformation permission"),
        weight=weights.SAID + 5,
        certainty="stated",
    ),
    Sign(
        says="Lake Formation may govern {on}: {who} then needs a grant there",
        words=("lake formation", "lakeformation"),
        weight=weights.WORDING + 3,
    ),
)
CATALOGUED = ("glue:gettable", "glue:gettables", "glue:getdatabase", "glue:getpartitions", "glue:getpartition", "glue:updatetable")


def look(case: Case) -> tuple[Cause, ...]:
    """By grants that were read and name another table or principal, else by the wording."""
    found = [cause for cause in (_ungranted(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _ungranted(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() not in CATALOGUED or not facts.passes(case):
        return None
    held = [thing.settings for thing in case.evidence.resources.values()]
    grants = [grant for settings in held for grant in settings.get("PrincipalResourcePermissions") or ()]
    governed = any("PrincipalResourcePermissions" in settings or settings.get("IsRegisteredWithLakeFormation") for settings in held)
    role = facts.role_arn(request)
    if not governed or role is None or any(_covers(grant, role, request.resource) for grant in grants):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"IAM allows it, and no Lake Formation grant lets {say.who(role)} use {say.thing(request.resource)}",
        request=0,
        weight=weights.FACT + 4.0,
    )


def _covers(grant: dict[str, object], role: str, resource: str) -> bool:
    principal = grant.get("Principal")
    named = principal.get("DataLakePrincipalIdentifier") if isinstance(principal, dict) else None
    on = grant.get("Resource")
    if named not in (role, "IAM_ALLOWED_PRINCIPALS", "EVERYONE") or not isinstance(on, dict):
        return False
    table, database = on.get("Table") or {}, on.get("Database") or {}
    if table:
        name = table.get("Name") or "*"
        return resource.endswith(f"/{table.get('DatabaseName')}/{name}") or ("TableWildcard" in table or name == "*")
    return bool(database) and f"/{database.get('Name')}" in resource
