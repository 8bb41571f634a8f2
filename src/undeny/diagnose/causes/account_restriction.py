"""The account, not a policy, stands in the way."""

from collections.abc import Mapping
from typing import Any

from undeny.diagnose import facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.arn import Arn

INFO = CauseInfo(
    code="account-restriction",
    bucket="account",
    title="the account's state stands in the way",
    text="""AWS refuses the call because of what the account is: in a sandbox (SES), not verified yet, suspended, without the service
or Region switched on (opt-in Regions, Cost Explorer), without the support plan that the API needs, or not the organisation's management
account.

Signs: OptInRequired, SubscriptionRequiredException, "Email address is not verified", "User not enabled for cost explorer access", "You
don't have permissions to access this resource" from Organizations, AuthFailure in one Region only.

Mends it: switching the Region or service on, leaving the sandbox, asking Support, or calling from the management or a delegated
account.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    example="An error occurred (OptInRequired) when calling the DescribeInstances operation: You are not subscribed to this service.",
    related=("invalid-token", "quota-count", "model-access"),
)
SIGNS = (
    Sign(
        says="the account is not signed up for this service, Region or support plan",
        errors=(
            "optinrequired", "subscriptionrequiredexception", "regiondisabledexception", "pendingverification", "accountproblem",
            "notsignedup", "accountnotfoundexception", "accountsuspendedexception", "accountdisabledexception",
            "awsorganizationsnotinuseexception", "organizationaccessdeniedexception", "accountnotverified",
            "organizationnotinallfeaturesmodeexception", "accountsendingpausedexception", "accountblocked", "inactiveaccountexception",
            "freetierrestrictionerror", "accountclosed", "regionoptinrequired", "accessnotenabledexception", "optinrequiredexception",
            "policytypenotenabledexception",
        ),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="the account is in the sandbox or not verified: that is lifted by AWS, not by a policy",
        words=(
            "email address is not verified", "address is not verified", "domain is not verified", "in the sandbox", "sandbox mode",
            "pending verification", "account is currently blocked", "account has been suspended", "account is suspended",
            "account was blocked", "not yet been verified", "is being verified", "phone number is not verified",
            "account must be verified", "before you can add cloudfront resources", "resources in this region is being validated",
            "until the validation is complete", "sending is disabled for this account", "sending disabled for this account",
            "not recognized as a valid account", "account is pending", "account is closed", "account is not active",
        ),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
        source="https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html",
    ),
    Sign(
        says="the service is not switched on in this account",
        words=(
            "not enabled for cost", "user not enabled", "not subscribed to this service", "subscription required", "needs a subscription",
            "account is not enabled", "is not subscribed to", "not signed up", "freetierrestriction", "problem with your aws account",
            "complete your account registration", "not enabled for this account", "sending paused", "account is not authorized",
            "account does not have access", "region is not enabled", "region is disabled", "is not activated in this region",
            "not opted in", "opt-in region", "account isn't enabled", "not enabled in this account", "service is not available in your",
            "aws access key id needs a subscription", "premium support subscription is required",
        ),
        never=("invoke this api operation",),
        weight=weights.BEFORE_POLICY - 1,
        certainty="stated",
    ),
    Sign(
        says="a switch of the whole account refuses it: sharing in public is blocked for images or snapshots, or a console is off",
        words=(
            "block public access for ami", "block public access for snapshots", "block public access for ebs", "public sharing is blocked",
            "serial console access is not enabled", "serial console access is disabled", "block public sharing",
        ),
        never=("explicit deny",),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html",
    ),
    Sign(
        says="a service or feature is not switched on in this account or Region, by its error code",
        endings=("notenabledexception", "notsubscribedexception", "notoptedinexception", "notactivatedexception"),
        weight=weights.BEFORE_POLICY - 2,
    ),
    Sign(
        says="the account's plan or settings may not include this",
        words=("activate iam user and role access", "premium support", "support plan", "free plan", "free tier"),
        also=("account",),
        never=("invoke this api operation", "explicit deny"),
        weight=weights.WORDING + 6,
    ),
    Sign(
        says="the account may not be open to this API: AWS says so of the account, not of the caller",
        words=("account is not authorized to invoke this api operation",),
        weight=weights.WORDING + 5,
    ),
    Sign(
        says="only the organisation's management account or a delegated administrator may call this",
        words=(
            "don't have permissions to access this resource", "management account", "delegated administrator",
            "member of an organization", "accounts in an aws organization", "master account", "not a member of an organization",
            "not in use in organizations", "not an administrator for this organization", "delegated admin account",
        ),
        never=("explicit deny", "is not authorized to perform"),
        weight=weights.WORDING + 8,
        source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html",
    ),
    Sign(
        says="the Region may not be switched on in this account: tokens of the global STS endpoint do not count there",
        words=("not able to validate the provided access credentials", "invalidclienttokenid", "unrecognizedclient"),
        weight=weights.BEFORE_POLICY - 3,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
    ),
    Sign(
        says="the Region is not switched on in this account, where tokens of the global STS endpoint do not count",
        words=(
            "me-south-1", "me-central-1", "ap-east-1", "af-south-1", "eu-south-1", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
            "ap-southeast-7", "ap-south-2", "eu-south-2", "eu-central-2", "il-central-1", "ca-west-1", "mx-central-1", "ap-east-2",
        ),
        also=("authfailure",),
        weight=weights.BEFORE_POLICY + 1.5,
        source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the account's settings that were read, else by the wording."""
    found = [cause for cause in (_not_management(case), _region_off(case), _sandbox(case)) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _not_management(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or not request.action.lower().startswith("organizations:") or not facts.passes(case):
        return None
    account = facts.caller_account(request)
    held = _account(case)
    management = held.get("MasterAccountId") or held.get("ManagementAccountId")
    if management is None or management == account:
        return None
    return _fact(f"only the organisation's management account {management} or a delegated administrator may call this")


def _region_off(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html"""  # noqa: D400 - an address is the whole docstring
    request = facts.main(case)
    if request is None:
        return None
    arn = Arn.parse(request.resource)
    region = request.context.get("aws:RequestedRegion") or case.denial.region or (arn.region if arn else None)
    for one in _account(case).get("Regions") or ():
        state = one.get("RegionOptStatus") or one.get("OptInStatus")
        if one.get("RegionName") == region and state in ("DISABLED", "DISABLING", "ENABLING", "not-opted-in"):
            summary = f"the Region {region} is not switched on in this account ({state}), which refuses every call before any policy"
            return Cause(code=INFO.code, certainty="likely", summary=summary, request=0, weight=weights.BEFORE_POLICY + 5.0)
    return None


def _sandbox(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html"""  # noqa: D400 - an address is the whole docstring
    request = facts.main(case)
    if request is None or not request.action.lower().startswith("ses:send") or not facts.passes(case):
        return None
    held = {**_account(case), **facts.settings(case, request.resource)}
    if held.get("VerifiedForSendingStatus") is False:
        return _fact("SES has not verified the identity that this sends from")
    if held.get("SendingEnabled") is False:
        return _fact("SES has paused sending for this account")
    return (
        _fact("SES holds this account in its sandbox: it sends to verified addresses only")
        if held.get("ProductionAccessEnabled") is False
        else None
    )


def _account(case: Case) -> Mapping[str, Any]:
    request = facts.main(case)
    return facts.settings(case, f"arn:aws:iam::{facts.caller_account(request)}:root") if request else {}


def _fact(why: str) -> Cause:
    return Cause(code=INFO.code, certainty="likely", summary=f"IAM allows it, and {why}", request=0, weight=weights.FACT + 4.0)
