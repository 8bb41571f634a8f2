"""What is wrong in the policy that a call sends: the very place, in AWS's words where it gave some, and what stands there when mended.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.diagnose import facts, sent
from undeny.diagnose.model import Case
from undeny.errors import UndenyError
from undeny.iam import document as documents
from undeny.iam.arn import Arn
from undeny.iam.model import Document
from undeny.iam.principal import Principal

Path = tuple[str | int, ...]
DROP = object()
"""What a place holds when the mended document has nothing there."""
CURRENT = "2012-10-17"
_NAMED = re.compile(r'"([^"\s]{3,2048})"')


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong at a path of the document.

    `instead` is what the mended one has there: `DROP` for nothing, `None` where nobody can say.
    """

    path: Path
    says: str
    instead: Any = None


def flaws(case: Case) -> tuple[Document | None, tuple[Flaw, ...]]:
    """Give the document that the call sends and what is wrong in it, what AWS's message names first; no document where nobody knows it.

    A text that is no JSON at all gives no document and one flaw that says where it breaks.
    """
    source = sent.policy(case)
    if source is None:
        return None, ()
    try:
        document = documents.read(source)
    except UndenyError as error:
        return None, (Flaw(path=(), says=error.message, instead=_without_commas(source)),)
    found = [*_told(case, document), *_by_kind(case, document), *_written(document)]
    seen: dict[Path, Flaw] = {}
    for one in found:
        seen.setdefault(one.path, one)
    return document, tuple(seen.values())


def mended(document: Document | None, found: tuple[Flaw, ...]) -> dict[str, Any] | None:
    """Give the document with every flaw mended; `None` where one of them is nobody's to guess."""
    if not found or any(one.instead is None for one in found):
        return None
    if document is None:
        return dict(found[0].instead)
    data = msgspec.json.decode(msgspec.json.encode(document.data))
    for one in sorted(found, key=lambda flaw: [str(part).rjust(8, "0") for part in flaw.path], reverse=True):
        _put(data, one.path, one.instead)
    return data if isinstance(data, dict) else None


def _without_commas(source: Any) -> Mapping[str, Any] | None:
    """Give the document of a text that breaks at commas before a closing bracket only; `None` where more is wrong with it."""
    if not isinstance(source, str):
        return None
    try:
        document = documents.read(re.sub(r",(\s*[\]}])", r"\1", source))
    except UndenyError:
        return None
    return None if any(problem.fatal for problem in document.problems) else document.data


def _put(data: Any, path: Path, value: Any) -> None:
    *way, last = path
    for part in way:
        if isinstance(part, int) and not isinstance(data, list):
            continue  # one object stands for a list of one
        data = data[part]
    if isinstance(last, int) and not isinstance(data, list):
        return
    if value is DROP:
        del data[last]
    else:
        data[last] = value


def _statements(document: Document) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the statements that are objects, with their places; whatever else stands there is the language's own fault to tell."""
    held = document.data.get("Statement")
    listed = held if isinstance(held, (list, tuple)) else [held]
    return ((index, raw) for index, raw in enumerate(listed) if isinstance(raw, Mapping))


def _values(document: Document) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Give every text of the statements with its path and its statement."""
    for index, raw in _statements(document):
        yield from ((("Statement", index, *path), text, raw) for path, text in _texts(raw))


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, (*path, name))
    elif isinstance(value, (list, tuple)):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))


def _told(case: Case, document: Document) -> Iterator[Flaw]:
    """Find what AWS's message quotes: a principal, a resource, an action."""
    text = case.denial.text or case.denial.message or ""
    quoted = set(_NAMED.findall(text.replace("\\", "")))
    lowered = text.lower()
    for path, value, raw in _values(document):
        element = str(path[2])
        if element.endswith("Principal") and value in quoted and "principal" in lowered:
            yield Flaw(path=path, says=_principal(value), instead=_without(raw[element], value))
        elif element.endswith("Resource") and value in quoted:
            yield Flaw(path=path, says=f"`{value}`: {_reason(lowered)}", instead=_resource(value, case))


def _reason(lowered: str) -> str:
    if "partition" in lowered:
        return "its partition is not the account's"
    if "region information" in lowered:
        return "ARNs of IAM have no Region"
    return "AWS does not take it here"


def _principal(value: str) -> str:
    if value.startswith(("AROA", "AIDA")):
        return f"`{value}` is the id of a principal that was deleted"
    return f"`{value}` does not exist: deleted, mistyped, or made moments ago"


def _without(held: Any, value: str) -> Any:
    """Give `DROP` where other principals stay; nobody can say who is meant where it is the only one."""
    others = [text for _, text in _texts(held) if text != value]
    return DROP if others and value.startswith(("AROA", "AIDA")) else None


def _resource(value: str, case: Case) -> str | None:
    arn = Arn.parse(value)
    if arn is None:
        return None
    request = facts.main(case)
    who = case.denial.principal or (request.principal if request else None)
    partition = Principal.parse(who).partition if who else None
    region = "" if arn.service_prefix == "iam" else arn.region
    fixed = str(msgspec.structs.replace(arn, partition=partition or arn.partition, region=region))
    return fixed if fixed != value else None


def _by_kind(case: Case, document: Document) -> Iterator[Flaw]:
    """Find what this kind of policy does not take, and what it must have."""
    kind = sent.kind(case)
    if document.version != CURRENT and kind in ("identity", "trust", "scp", "rcp") and "Version" in document.data:
        yield Flaw(path=("Version",), says=f"the version has to be `{CURRENT}`", instead=CURRENT)
    for index, raw in _statements(document):
        yield from _elements(kind, index, raw)
    for path, value, _ in _values(document):
        if (
            str(path[2]).endswith("Resource")
            and kind in ("identity", "resource", "scp")
            and Arn.parse(value) is None
            and value[:1] not in "*$"
        ):
            yield Flaw(path=path, says=f"`{value}` is no ARN and not `*`", instead=_bucket(case, value))
        elif str(path[2]).endswith("Action") and ":" not in value and value != "*":
            yield Flaw(path=path, says=f"`{value}` names no service: actions are written `service:Action`")


def _elements(kind: str, index: int, raw: Mapping[str, Any]) -> Iterator[Flaw]:
    if kind == "trust":
        for name in ("Resource", "NotResource"):
            if name in raw:
                yield Flaw(path=("Statement", index, name), says=f"a trust policy has no {name}: the role itself is meant", instead=DROP)
    if kind in ("identity", "scp"):
        for name in ("Principal", "NotPrincipal"):
            if name in raw:
                yield Flaw(
                    path=("Statement", index, name), says=f"this kind of policy has no {name}: whoever it hangs on is meant", instead=DROP
                )
    if kind in ("identity", "scp") and not {"Resource", "NotResource"} & set(raw):
        yield Flaw(path=("Statement", index), says="the statement says no Resource, which this kind of policy must")
    if kind in ("trust", "resource") and not {"Principal", "NotPrincipal"} & set(raw):
        yield Flaw(path=("Statement", index), says="the statement says no Principal, which this kind of policy must")
    sid = raw.get("Sid")
    if isinstance(sid, str) and kind in ("identity", "trust", "scp") and not sid.isalnum() and sid:
        yield Flaw(
            path=("Statement", index, "Sid"),
            says="an id of a statement has letters and digits only",
            instead=re.sub(r"[^A-Za-z0-9]", "", sid) or DROP,
        )


def _bucket(case: Case, value: str) -> str | None:
    bucket = sent.parameters(case).get("bucketName") or sent.parameters(case).get("Bucket")
    named = value.split("/", 1)
    if bucket and named[0] == bucket:
        return str(Arn(partition="aws", service_prefix="s3", region="", account="", resource=value))
    return None


def _written(document: Document) -> Iterator[Flaw]:
    """Give what the policy language itself refuses."""
    for problem in document.problems:
        if problem.fatal:
            yield Flaw(path=_path(problem.path), says=problem.message)


def _path(written: str) -> Path:
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]$]+", written))
