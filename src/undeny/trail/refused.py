"""Which failed calls were refused: by the words of their code, else by those of their sentence.

A code is a service's own; no list of AWS names those that mean a refusal. What fails for another reason (`NoSuchBucket`) is none.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from functools import lru_cache

CODES = (
    "accessdenied", "unauthorized", "notauthorized", "authorizationerror", "forbidden", "authfailure", "accessdisabled", "permissiondenied",
    "operationnotpermitted", "crossaccountpassrole", "optinrequired", "expiredtoken", "invalidclienttoken", "unrecognizedclient",
    "invalidaccesskey", "signaturedoesnotmatch", "invalidsignature", "invalididentitytoken", "idprejectedclaim", "methodnotallowed",
    "insufficientpermission", "accessforbidden", "accesscontrollistnotsupported", "nopermission", "subscriptionrequired",
)  # fmt: skip
WORDS = (
    "not authorized", "access denied", "accessdenied", "explicit deny", "unauthorized", "have permission", "have the permission",
    "permission to", "permissions to", "insufficient permission", "no permission", "lacks permission", "required permission",
    "necessary permission", "have sufficient permission", "lake formation permission", "cannot be assumed", "not allowed to access",
    "cross-account pass role", "not have access", "n't have access", "kms is not allowed", "forbidden", "not authorised",
    "unable to assume", "could not assume", "invalid principal in policy", "invalid token", "token has expired",
)  # fmt: skip
"""In lower case."""


@lru_cache(maxsize=4096)
def _by_code(code: str) -> bool:
    low = code.lower().replace("_", "").replace(" ", "").replace("-", "")
    return any(word in low for word in CODES)


def refused(code: str | None, message: str | None) -> bool:
    """Whether a failed call was refused.

    >>> refused("Client.UnauthorizedOperation", None), refused("NoSuchBucket", "The specified bucket does not exist")
    (True, False)
    """
    if code and _by_code(code):
        return True
    low = message.lower() if message else ""
    return any(word in low for word in WORDS)
