"""Who one is, and a session token: no permission is needed, and a deny in the caller's own policies changes nothing."""

from undeny.decide.call import Call
from undeny.decide.plan import Parts
from undeny.decide.rules import ABSENT, Check, Rule

NEEDS = ("sts:getcalleridentity", "sts:getsessiontoken")
SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"
GET_SESSION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html"


def adapt(call: Call, parts: Parts) -> None:
    """Let nothing on the caller's side decide; what organisation and endpoint say to it AWS does not write, so they hold as ever."""
    if not call.has_identity or not call.does("sts:getcalleridentity", "sts:getsessiontoken"):
        return
    why = "the call needs no permission, so this changes nothing"
    parts.notes.append("this call needs no permission: the caller's own policies do not speak on it")
    parts.rules["identity"] = Rule(groups=[[Check(certain=True)]])
    parts.rules["boundary"] = parts.rules["session"] = parts.rules["scope_down"] = ABSENT
    own = parts.compiled.identity
    parts.off.update((id(entry), why) for entry, _ in (own.acting(call.service, call.name) if own is not None else ()))
