"""IAM's own sentence: `User: P is not authorized to perform: A on resource: R because no ... policy allows` or `with an explicit deny`.

One grammar with parts that may be missing: old messages give no reason, some services no resource, authors quote only the end.
"""

import re
from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, compiled

NEEDS = ("not authorized to perform", "authorized to access this", "explicit deny", "because ", "policy allows", "boundary allows")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
_PIECE = r"(?:<<[^<>]{1,60}>>|<(?![/!?])[^<>\n]{0,60}>|\$?\{[^{}\n]{1,60}\}|[^\s\"'`<{}\u201c\u201d\u201e])"
_NAMED = (
    r"(?:role|policy|user|group|access key|instance profile|server certificate|(?:virtual )?mfa device|saml provider"
    r"|openidconnect provider)"
)
_VALUE = rf"[\"'`\u201c\u201d\u201e](?P<quoted>[^\"'`\u201c\u201d\u201e\n]+)[\"'`\u201c\u201d\u201e]|(?P<plain>(?:{_NAMED} )?{_PIECE}+)"
_TYPE = (
    r"(?P<type>identity[- ]based|resource[- ]based|permissions? boundar(?:y|ies)|sessions?|service control|scp|resource control|rcp"
    r"|vpc endpoint|vpce|(?:iam )?(?:role )?trust)(?: polic(?:y|ies))?"
)
_ACTION = r"[a-z][a-z0-9-]*:(?:\s*\n\s*(?!on resource))?[a-z*][a-z0-9*]*"
PERFORM = (
    r"(?:(?:(?:is|are|was) )?not authorized to perform ?: ?(?:the )?(?:following )?(?:actions?:? |operations?:? )?[\"'`]?"
    rf"(?:(?P<action>{_ACTION})|[<\[{{(*][^\s]+|null\b|(?P<bare>[a-z]\w+)(?= on resource)|(?=on resource|because |with an? explicit|$))"
    rf"|(?:is|are|was) not authorized to perform (?:the )?(?:action |operation )?[\"'`]?(?P<action2>{_ACTION})"
    r"|(?:is )?not authorized to access this resource(?! ?: ?arn))(?: action)?[\"'`.,]?"
)
ON = (
    rf"(?: on (?:the )?(?:specified resource|resource associated with this ciphertext|resources? ?: ?(?:{_VALUE})?|resource "
    rf"(?={_NAMED} |arn:)(?P<arn2>{_PIECE}+)"
    rf"|(?P<arn>arn:{_PIECE}+)))"
)
REASON = (
    rf"(?: ?(?:\.\.\.|\u2026))?[,.;]? ?(?:(?:because )?no {_TYPE} (?:allows?|grants?)(?: (?:the|this))?(?: "
    rf"(?P<allowed>[a-z][a-z0-9-]*:[a-z*][a-z0-9*]*))?(?: action)?"
    rf"|because (?:the|a) (?P<typo>role trust) policy allows(?: the)?(?: [a-z0-9-]+:[a-z0-9*]+)?(?: action)?"
    rf"|with an? explicit deny(?: in (?:an?|the|one or more) {_TYPE.replace('?P<type>', '?P<denier>')}(?: transitively "
    rf"through (?:an?|the) [a-z -]+? polic(?:y|ies))?)?"
    rf"(?: ?: ?(?P<policy_arn>arn:{_PIECE}+))?"
    r"|because (?P<either>the resource does not exist in this region[^\n\"<(]{0,40}, no resource-based policies allow "
    r"access, or a resource-based "
    r"policy explicitly denies access)"
    r"|because (?P<public>public [a-z() ]{3,60} (?:are|is) (?:prevented|blocked) by [^.\n]{3,120}?block public access(?: settings?)?)"
    r"|because (?P<ssec>this bucket has blocked upload requests that specify server side encryption with customer provided "
    r"keys(?: \(sse-c\))?))"
)
_REST = r"(?:(?!user ?:|\(service|status code|encoded |\n\n|\. |error )[^\"`<{]){1,220}"
"""What is left of a sentence: up to its stop, its quote, or what clients put behind it."""
_LEFT = (
    r"(?:because )?no (?:\S+ ){1,3}(?:polic(?:y|ies)|boundar(?:y|ies)) (?:allows?|grants?)|with an? explicit deny|because "
    r"(?:the|a) role trust policy allows"
)
_TYPES = {
    "i": "identity_based", "r": "resource_based", "p": "permissions_boundary", "s": "session", "t": "role_trust", "v": "vpc_endpoint",
    "service control": "service_control", "scp": "service_control", "resource control": "resource_control", "rcp": "resource_control",
    "role trust": "role_trust", "iam role trust": "role_trust", "iam trust": "role_trust",
}  # fmt: skip
_OPENING = r"you are not authorized to perform this operation\."
_NEAR = 100
"""Characters before the principal in which EC2's opening sentence stands, however the lines are folded."""
_NAME = 300
"""Characters that a name with blanks may go on for."""
_REACH = 2100
"""Characters that a principal may take: an ARN has 2,048 at most."""
EXAMPLES = {
    "User: arn:aws:iam::123456789012:user/John is not authorized to perform: codedeploy:ListDeployments on resource: "
    "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* because no permissions boundary allows the "
    "codedeploy:ListDeployments action": {
        "principal": "arn:aws:iam::123456789012:user/John",
        "action": "codedeploy:ListDeployments",
        "resource": "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*",
        "kind": "implicit",
        "policy_type": "permissions_boundary",
        "account": "123456789012",
        "region": "us-east-1",
    },
    "User: arn:aws:iam::111122223333:user/dev is not authorized to perform: iam:CreateGroup on resource: group Analysts "
    "with an explicit deny in a "
    "service control policy: arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-example1.": {
        "resource": "group Analysts",
        "kind": "explicit",
        "policy_type": "service_control",
        "policy_arn": "arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-example1",
    },
    "User: arn:aws:iam::111122223333:user/u is not authorized to perform: rds:DescribeDBInstances on the specified resource": {
        "action": "rds:DescribeDBInstances",
        "resource": None,
        "kind": None,
    },
    "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: s3:PutBucketPolicy on resource: "
    '"arn:aws:s3:::b" because public '
    "policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access": {
        "action": "s3:PutBucketPolicy",
        "resource": "arn:aws:s3:::b",
        "policy_type": "block_public_access",
    },
    'on resource: "arn:aws:s3:::some-bucket" with an explicit deny in a resource-based policy': {
        "resource": "arn:aws:s3:::some-bucket",
        "kind": "explicit",
        "policy_type": "resource_based",
    },
    "User: arn:aws:iam::111122223333:user/x is not authorized to perform: kms:Decrypt on the resource associated with this "
    "ciphertext because the "
    "resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy "
    "explicitly denies access": {
        "action": "kms:Decrypt",
        "kind": None,
        "policy_type": None,
    },
    "User: arn:aws:iam::111122223333:user/x is not authorized to perform: cloudwatch:DeleteAlarms on resource: "
    "arn:aws:cloudwatch:us-east-1:111122223333:alarm:My first alarm because no identity-based policy allows the "
    "cloudwatch:DeleteAlarms action": {
        "resource": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:My first alarm",
        "policy_type": "identity_based",
    },
    "User is not authorized to access this resource with an explicit deny": {"kind": "explicit", "policy_type": None},
}


def find(passage: Passage) -> Iterator[Found]:
    """Find whole sentences first, then reasons that stand alone."""
    last = 0
    sentences: list[Found] = []
    for match in _performs(passage.low):
        if match.start() < last or passage.low[max(0, match.start() - 12) : match.start()].endswith("codebuild "):
            continue
        found = _sentence(passage, match, last)
        last = found.end
        sentences.append(found)
    return iter([*sentences, *_fragments(passage, sentences)])


def _performs(low: str) -> Iterator[re.Match[str]]:
    """Find the verb by its fixed words, with the `is` before it: far faster than a search that may begin with either."""
    for fixed in compiled(r"not authorized to (?:perform|access)").finditer(low):
        before = low[max(0, fixed.start() - 8) : fixed.start()]
        words = before.rstrip()
        verb = next((verb for verb in ("is", "are", "was") if words != before and words.endswith(verb)), "")
        match = compiled(PERFORM).match(low, fixed.start() - (len(before) - len(words)) - len(verb) if verb else fixed.start())
        if match:
            yield match


def _sentence(passage: Passage, match: re.Match[str], floor: int) -> Found:
    text, low = passage
    facts: Facts = {}
    span = match.span("action") if match.group("action") else match.span("action2")
    if span[0] >= 0:
        facts["action"] = text[slice(*span)].rstrip(":")
        facts["action"] = "".join(facts["action"].split())
    elif match.group("bare"):
        facts["operation"] = text[slice(*match.span("bare"))]
    end = _on(passage, match.end(), facts)
    end = _reason(passage, end, facts)
    unsaid = not facts.keys() & {"kind", "policy_type"} or (not facts.get("policy_type") and low.startswith(" in ", end))
    if unsaid and ("den" in low[end : end + _NAME] or "allow" in low[end : end + _NAME] or "kind" in facts):
        end = _reason_in_other_words(low, end, facts)
    start, principal = _who(passage, match.start(), floor)
    if principal:
        facts["principal"] = principal
    opening = compiled(_OPENING).search(low, max(floor, start - _NEAR), start) if "operation." in low else None
    if opening and not low[opening.end() : start].strip():
        start = opening.start()
    return Found(start, end, facts)


def _on(passage: Passage, position: int, facts: Facts) -> int:
    match = compiled(ON).match(passage.low, position)
    if not match:
        return position
    for name in ("quoted", "plain", "arn", "arn2"):
        if match.group(name):
            facts["resource"] = " ".join(passage.text[slice(*match.span(name))].split())
            if name == "plain" and match.group(name).startswith(("because", "with")) and not match.group(name).startswith("with-"):
                del facts["resource"]
                return match.start(name) - 1
    if match.group("plain") and not compiled(REASON).match(passage.low, match.end()):
        return _longer(passage, match, facts)
    return match.end()


def _longer(passage: Passage, match: re.Match[str], facts: Facts) -> int:
    """Read on where a name holds blanks (`...:alarm:My Alarm because no ...`): up to the reason, if one follows in the same sentence."""
    more = compiled(_LEFT).search(passage.low, match.end(), match.end() + _NAME)
    if not more or not compiled(
        r"(?![^\n]*(?:\n[^\n]*)?(?:user ?:|\(service| on resource|[\"'`<\u201d]|\. ))[^\n]*(?:\n[^\n]+)?"
    ).fullmatch(passage.low, match.end(), more.start()):
        return match.end()
    facts["resource"] = " ".join(passage.text[match.start("plain") : more.start()].split())
    return more.start()


def _reason(passage: Passage, position: int, facts: Facts) -> int:
    match = compiled(REASON).match(passage.low, position)
    if not match:
        return position
    if match.group("public"):
        facts["policy_type"] = "block_public_access"
    elif not match.group("ssec") and not match.group("either"):
        named = match.group("type") or match.group("denier") or match.group("typo")
        facts["kind"] = "implicit" if match.group("type") or match.group("typo") else "explicit"
        facts["policy_type"] = _type(named) if named else None
        if match.group("policy_arn"):
            facts["policy_arn"] = passage.text[slice(*match.span("policy_arn"))]
        if match.group("allowed") and "action" not in facts:
            facts["action"] = passage.text[slice(*match.span("allowed"))]
    return match.end()


def _reason_in_other_words(low: str, position: int, facts: Facts) -> int:
    """Read what the rest of the sentence says in words that AWS does not use: `as it is explicitly denied by ...`."""
    from undeny.denial.prose import told_reason  # noqa: PLC0415 - only where a sentence goes on in other words

    rest = compiled(_REST).match(low, position)
    begun = "explicit deny" if facts.get("kind") == "explicit" else ""
    told = told_reason(begun + " ".join(rest.group().split())) if rest else {}
    facts |= {name: value for name, value in told.items() if value}
    return rest.end() if rest and told.get("kind") else position


def _type(named: str) -> str:
    words = " ".join(named.replace("-", " ").split())
    return _TYPES.get(words) or _TYPES[words[0]]


def _who(passage: Passage, position: int, floor: int) -> tuple[int, str | None]:
    """Find the principal before `is not authorized`: after `User:`, or an ARN right before it."""
    text, low = passage
    floor = max(floor, position - _REACH)
    begin = low.rfind("user:", floor, position)
    if begin >= 0:
        named = " ".join(text[begin + 5 : position].split())
        if named and (" " not in named or named.startswith("arn:") or "<" in named) and "\n\n" not in text[begin:position]:
            return begin, named
    match = (
        compiled(r"[\"'`\u201d]?(arn:[^\s\"'`\u201d]+)[\"'`\u201d]?\s*$").search(text, low.rfind("arn:", floor, position), position)
        if "arn:" in low[floor:position]
        else None
    )
    return (match.start(), match.group(1)) if match else (position, None)


def _fragments(passage: Passage, sentences: list[Found]) -> Iterator[Found]:
    if not _stands_alone(passage.low, sentences):
        return
    for match in compiled(_LEFT).finditer(passage.low):
        if any(one.start <= match.start() < one.end for one in sentences) or passage.low.endswith("context: ", 0, match.start()):
            continue
        facts: Facts = {}
        end = _reason(passage, match.start(), facts)
        start = match.start()
        on = passage.low.rfind("on resource", max(0, start - _REACH), start)
        if on > 0 or passage.low.startswith("on resource"):
            on = max(on, 0)
            if _fragment_on(passage, on, facts) >= start - 2:
                start = on
        if facts.get("kind") and (facts.get("policy_type") or facts.get("resource")):
            yield Found(start, end, facts)


def _stands_alone(low: str, sentences: list[Found]) -> bool:
    """Whether words of a reason stand outside all sentences."""
    if len(sentences) == 1:
        rest = low[: sentences[0].start] + low[sentences[0].end :]
        if "deny" not in rest and "allow" not in rest and "grant" not in rest:
            return False
    for words in (
        "explicit deny",
        "policy allow",
        "policies allow",
        "boundary allow",
        "boundaries allow",
        "policy grant",
        "boundary grant",
    ):
        position = low.find(words)
        while position >= 0:
            if not any(one.start <= position < one.end for one in sentences):
                return True
            position = low.find(words, position + 1)
    return False


def _fragment_on(passage: Passage, position: int, facts: Facts) -> int:
    """Read `on resource` where no blank is before it: it opens the text, or a quoted piece of it."""
    if passage.low[position - 1 : position].isspace():
        return _on(passage, position - 1, facts)
    text, low = passage.text[position:], passage.low[position:]
    return _on(Passage(f" {text}", f" {low}"), 0, facts) - 1 + position
