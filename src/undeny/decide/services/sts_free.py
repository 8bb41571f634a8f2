"""Who one is, and a session token: no permission is needed, and a deny in the caller's own policies changes nothing."""

from undeny.decide.call import Call
from undeny.decide.plan import Parts
from undeny.decide.rules import ABSENT, Check, Rule

NEEDS = ("sts:getcalleridentity", "sts:getsessiontoken")
SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"
GET_SESSION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html"


def adapt(call: Call, parts: Parts) -> None:
    """Let nothing on the caller's side decide. Whether organisation and endpoint can forbid it AWS does not say: then it is unknown."""
    if not call.has_identity or not call.does("sts:getcalleridentity", "sts:getsessiontoken"):
        return
    parts.notes.append("this call needs no permission: the caller's own policies do not speak on it")
    parts.rules["identity"] = Rule(groups=[[Check(certain=True)]])
    parts.rules["boundary"] = parts.rules["session"] = parts.rules["scope_down"] = ABSENT
    for name in ("rcp", "scp", "endpoint"):
        parts.rules[name] = _unsure(parts.rules[name])
    parts.unsaid.append("whether an SCP, RCP or endpoint policy can forbid a call that needs no permission: AWS does not say")
    own = parts.compiled.identity
    why = "the call needs no permission, so this changes nothing"
    parts.off.update((id(entry), why) for entry, _ in (own.acting(call.service, call.name) if own is not None else ()))


def _unsure(rule: Rule) -> Rule:
    """Give a layer of which nobody knows whether it can forbid."""
    if not rule.applies:
        return rule
    denies = [Check(certain=None, tests=one.tests, entry=one.entry, gap=one.gap) for one in rule.denies]
    found = Rule(denies=denies, groups=[[*group, Check(certain=None)] for group in rule.groups])
    found.namer = rule.namer
    return found
