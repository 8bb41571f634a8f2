"""What people write instead of the error itself: `iam:PassRole AccessDenied on create nodegroup`, `403 on s3:ListBucket`."""

import re

import msgspec

from undeny.denial.build import REGION, built
from undeny.denial.codes import first_code_in
from undeny.denial.evened import restored
from undeny.denial.found import Facts, Passage
from undeny.denial.model import Denial
from undeny.denial.sentences import BARE

_REFUSED = re.compile(
    r"denied|den(?:ies|y)\b|forbidden|unauthori[sz]|not (?:be )?(?:authori[sz]|allow|permit)|permission|\b40[13]\b(?! "
    r"[a-z]+s\b)|expired|throttl"
    r"|no (?:vpc endpoint|identity|resource|session|permissions)|credential|quota|limit ?exceeded|cannot (?:publish|assume"
    r"|access|pull|invoke)"
    r"|rejects?\b|access key id|inaccessible host|certificate(?:'s altnames|_verify| verify)|handler returned message"
)
"""Words that speak of a refusal by themselves."""
_FAILED = re.compile(
    r"fail(?:s|ed|ures?)?\b|errors?\b|never (?:invoked|deleted|delivered)|not (?:delivered|invoked)|unreachable|could not"
    r"|unable to|writes no"
    r"|loses access|time(?:d)?[ -]?out|\b5\d\d\b"
)
"""Words of any failure: they count beside a word of AWS."""
_AWS = re.compile(
    r"aws|amazon|arn:|\b(?:iam|sts|s3|s3fs|ec2|ecs|ecr|eks|ebs|elb|alb|kms|sns|sqs|ssm|rds|vpc|scp|lambda|dynamodb|cloud\w+"
    r"|eventbridge|codestar\w*|code(?:build|pipeline|deploy)"
    r"|secrets? ?manager|bedrock|glue|athena|kinesis|role|bucket|policy|serverless|terraform|cdk)\b"
)
_ACTION = re.compile(r"(?<![\w.:/@-])([a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z0-9]{2,80})(?![\w:])")
_OPERATION = re.compile(
    r"(?<![\w.:/])((?:Get|Put|List|Create|Delete|Describe|Update|Head|Start|Stop|Run|Invoke|Assume|Attach|Detach|Publish"
    r"|Send|Receive|Decrypt|Encrypt|Generate|Modify|Tag|Untag"
    r"|Query|Scan|BatchGet|BatchWrite|Copy|Upload|Register|Pass)[A-Z][A-Za-z0-9]{2,60})(?![\w:])"
)
_TYPES = (
    ("service control polic", "service_control"),
    ("resource control polic", "resource_control"),
    ("identity-based polic", "identity_based"),
    ("resource-based polic", "resource_based"),
    ("permissions boundary", "permissions_boundary"),
    ("session polic", "session"),
    ("endpoint polic", "vpc_endpoint"),
    ("trust polic", "role_trust"),
)
_NONE_ALLOWS = re.compile(
    r"\bno (?:[\w/'-]+ ){1,4}?(?:polic(?:y|ies)|boundar(?:y|ies))(?: \([^)\n]{1,60}\))?(?: that)? (?:allow|grant|permit)s?\b"
)
_USER = re.compile(r"User:\s*(arn:aws[\w:/+=,.@<>*${}-]+|anonymous)")
_SHORT = 1000
_ASIDE = 30
_FIELD = re.compile(r"[\"'\u201d](?:error)?[Mm]essage[\"'\u201d]\s*:\s*[\"'\u201d]([^\"'\u201d\n]{1,1000})[\"'\u201d]")
_NUMBERED = re.compile(r"-\d")
_LONG = 4000
"""Prose is short; a long log in which nothing was recognised is not read as a sentence."""


def read_prose(text: str, passage: Passage, line: int) -> list[Denial]:
    """Give one denial of what plausibly describes a failure, with what its words say, else nothing."""
    low = passage.low
    if len(text) > _LONG or not (_REFUSED.search(low) or (_FAILED.search(low) and _AWS.search(low)) or first_code_in(passage.text)):
        return []
    facts = _told(passage) | told_reason(low)
    field = _FIELD.search(passage.text)
    facts |= {
        "message": (restored(text[slice(*field.span(1))]) if field else "") or restored(text),
        "text": restored(text),
        "line": line + text[: len(text) - len(text.lstrip())].count("\n"),
    }
    return [built(facts)]


def enriched(denial: Denial, passage: Passage) -> Denial:
    """Fill in what the words around a bare refusal say, where the text is that short that they can only mean it."""
    size = len(passage.text)
    if size > _SHORT or (denial.form not in BARE and size < len(denial.message or "") + _ASIDE):
        return denial
    told = _told(passage) | (told_reason(passage.low) if denial.form in BARE else {})
    own = "" if denial.form in BARE else denial.message or ""
    missing = {key: value for key, value in told.items() if value is not None and getattr(denial, key) is None and value not in own}
    return msgspec.structs.replace(denial, **missing) if missing else denial


def _told(passage: Passage) -> Facts:
    text = passage.text
    action, operation, user = _ACTION.search(text), _OPERATION.search(text), _USER.search(text)
    regions = set(REGION.findall(passage.low)) if len(text) <= _SHORT and _NUMBERED.search(text) else set()
    return {
        "error_code": first_code_in(text),
        "action": action.group(1) if action else None,
        "operation": operation.group(1) if operation and not action else None,
        "principal": user.group(1) if user else None,
        "region": regions.pop() if len(regions) == 1 else None,
    }


def told_reason(low: str) -> Facts:
    """Give kind and policy type where the words say them (`a service control policy explicitly denies`)."""
    kind = "explicit" if "explicit deny" in low or "explicitly denie" in low else "implicit" if _NONE_ALLOWS.search(low) else None
    named = {policy_type for words, policy_type in _TYPES if words in low}
    return {"kind": kind, "policy_type": named.pop() if len(named) == 1 and kind else None}
