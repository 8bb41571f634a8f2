"""No credentials were found, so nothing was signed."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = (
    "credential",
    "authentication",
    "profile",
    "imds",
    "metadata",
    "loading sso",
    "no providers",
    "169.254",
    "missingauth",
    "docker login",
    "config file",
    "configuration file",
    "configparse",
)
INFO = CauseInfo(
    code="no-credentials",
    bucket="credentials",
    title="no credentials were found",
    text="""The SDK found no credentials in any of its places (environment, profile, web identity, container, instance metadata), or
the request went out unsigned.

Signs: "Unable to locate credentials", "No valid credential sources found", "Could not load credentials from any providers", a profile
that is not there, a wait for 169.254.169.254. It can look like a network error and is none.

Mends it: a profile (aws configure sso, AWS_PROFILE), a role for the instance or task, a service account's role; for metadata in
containers a hop limit of 2.

Does not: any policy: nobody asked AWS yet.""",
    source="https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
    example='Unable to locate credentials. You can configure credentials by running "aws configure".',
    related=("expired-token", "wrong-principal", "network-unreachable"),
)
SIGNS = (
    Sign(
        says="no credentials were found on this machine: nothing was asked of AWS yet",
        words=(
            "unable to locate credentials", "nocredentials", "no valid credential", "nocredentialproviders", "could not load credentials",
            "unable to load credentials", "unable to load aws credentials", "missing credentials in config", "no credential sources",
            "no ec2 imds role found", "partial credentials", "partialcredentials",
            "credentials not found", "credentials could not be loaded", "no aws credentials", "could not find credentials",
            "no basic auth credentials", "cannot load credentials",
            "unable to find credentials", "no credentials found", "no credentials specified", "failed to retrieve credentials from",
            "credentialunavailable",
            "unable to get aws credentials", "unable to get iam security credentials", "no providers in chain",
        ),
        never=("webidentityerr", "assumerolewithwebidentity", "has expired", "sso session", "not authorized"),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="no credentials came from any place that was asked: what is said inside tells which one failed",
        words=("failed to refresh cached credentials", "credentialsprovidererror", "failed to retrieve credentials"),
        never=("has expired", "expired", "not authorized", "accessdenied", "access denied", "unauthorized exception"),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="docker is not logged in to this registry, or the repository is not there",
        words=("may require 'docker login'", "docker login"),
        never=("has expired", "is not authorized to perform"),
        weight=weights.WORDING + 3,
        source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
    ),
    Sign(
        says="the file of credentials or configuration cannot be read, so none were found in it",
        words=("unable to parse config file", "configparseerror", "invalid configuration file", "failed to load shared config file"),
        weight=weights.BEFORE_POLICY + 1,
        source="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
    ),
    Sign(
        says="the profile is not there: no credentials were found",
        words=("the config profile", "profilenotfound", "failed to get shared config profile", "profile not found"),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
    Sign(
        says="the request was not signed",
        errors=("missingauthenticationtoken", "missingauthenticationtokenexception"),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="the request was not signed, or it went to a path or method that the API does not have",
        words=("missing authentication token",),
        weight=weights.WORDING + 6,
        source="https://repost.aws/knowledge-center/api-gateway-authentication-token-errors",
    ),
    Sign(
        says="the instance metadata service did not answer: no credentials",
        words=("169.254.169.254", "169.254.170.2", "ec2imds", "ec2metadata", "instance metadata"),
        weight=weights.BEFORE_POLICY + 1.5,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
