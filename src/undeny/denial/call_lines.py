"""The call itself, where it stands in the text beside its refusal: a line of Python or JavaScript in a trace, a command of the AWS CLI.

What it gives are parameters as the SDK names them; values that are no literals are left out.
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-commandstructure.html
https://docs.aws.amazon.com/cli/latest/reference/s3/
"""

import ast
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from undeny.denial.model import Denial

_LONGEST = 4000
"""Characters of one call that are read."""
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(["'`])((?:(?!\2)[^\\\n$])*)\2""")
_COMMAND = re.compile(
    r"(?:^|[\s;&|$`(])(aws(?:\.exe)? +(?:--\S+(?: +(?!-)\S+)? +)*[a-z][a-z0-9-]+ +[a-z][a-z0-9-]+(?:[^\n\\]|\\\n|\\.)*)", re.MULTILINE
)
_URI = r"s3://([\w.-]+)(?:/(\S*))?"
_MOVED = re.compile(rf"(upload|download|copy|move|delete) failed: (?:{_URI}|\S+)(?: to (?:{_URI}|\S+))?")
_GLOBAL = frozenset({
    "Debug", "EndpointUrl", "NoVerifySsl", "NoPaginate", "Output", "Query", "Profile", "Version", "Color", "NoSignRequest", "CaBundle",
    "CliReadTimeout", "CliConnectTimeout", "CliBinaryFormat", "NoCliPager", "CliAutoPrompt", "NoCliAutoPrompt", "CliInputJson",
    "CliInputYaml", "GenerateCliSkeleton", "StartingToken", "PageSize", "MaxItems",
})  # fmt: skip
"""Options of every command: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html."""
_PUTS = ("PutObject", "CreateMultipartUpload", "UploadPart", "CopyObject")
_GETS = ("GetObject", "HeadObject")
_LISTS = ("ListObjectsV2", "ListObjects", "HeadBucket")


def with_parameters(found: list[Denial], text: str) -> list[Denial]:
    """Fill in the parameters of denials whose call stands in the text; one that is told already, or stands there twice, stays as it is."""
    return [_filled(denial, text) if denial.operation and denial.parameters is None else denial for denial in found]


def _filled(denial: Denial, text: str) -> Denial:
    operation = (denial.operation or "").removesuffix("Command")
    calls = list(_calls(operation, text))
    before = [call for call in calls if text.count("\n", 0, call[0]) < (denial.line or 1)]
    chosen = before[-1:] or (calls if len(calls) == 1 else [])
    if not chosen:
        return denial
    _, parameters, more = chosen[0]
    kept = {name: value for name, value in more.items() if value and getattr(denial, name) is None}
    return msgspec.structs.replace(denial, operation=operation, parameters=parameters, **kept) if parameters else denial


Told = tuple[int, Mapping[str, Any], Mapping[str, str | None]]


def _calls(operation: str, text: str) -> Iterator[Told]:
    """Give each call of that operation in the text: where, its parameters, and what else the line says."""
    found: list[Told] = []
    if f".{_snake(operation)}(" in text:
        found += _python(_snake(operation), text)
    if f"{operation}Command(" in text or f".{operation[:1].lower()}{operation[1:]}(" in text:
        found += _javascript(operation, text)
    if "aws " in text:
        found += _commands(operation, text)
    if " failed: " in text and "s3://" in text:
        found += _moved(operation, text)
    yield from sorted(found, key=lambda one: one[0])


@cache
def _snake(operation: str) -> str:
    return _WORD.sub("_", operation).lower()


def _python(name: str, text: str) -> Iterator[Told]:
    for match in re.finditer(rf"\.{name}\(", text):
        inside = _balanced(text, match.end() - 1)
        try:
            call = ast.parse(f"f{inside}", mode="eval").body if inside else None
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if isinstance(call, ast.Call):
            yield match.start(), dict(_literals(call)), {}


def _literals(call: ast.Call) -> Iterator[tuple[str, Any]]:
    for keyword in call.keywords:
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        if keyword.arg and isinstance(value, str | int | float | bool | list | dict):
            yield keyword.arg, value


def _balanced(text: str, begin: int) -> str:
    """Give a text from an opening bracket to the one that closes it; empty where it does not close."""
    depth, quote = 0, ""
    for index in range(begin, min(len(text), begin + _LONGEST)):
        letter = text[index]
        if quote:
            quote = "" if letter == quote and text[index - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth == 0:
                return text[begin : index + 1]
    return ""


def _javascript(operation: str, text: str) -> Iterator[Told]:
    for match in re.finditer(rf"(?:{operation}Command|\.{operation[:1].lower()}{operation[1:]})\(", text):
        pairs = {name: value for name, _, value in _PAIR.findall(_balanced(text, match.end() - 1))}
        if pairs:
            yield match.start(), pairs, {}


def _commands(operation: str, text: str) -> Iterator[Told]:
    for match in _COMMAND.finditer(text):
        try:
            words = shlex.split(match.group(1).replace("\\\n", " "))
        except ValueError:
            continue
        flags, plain = _taken_apart(words[1:])
        if len(plain) < 2:
            continue
        more = {"region": flags.pop("Region", None)}
        if plain[0] == "s3":
            parameters = _high_level(operation, plain)
            if parameters:
                yield match.start(1), parameters, more | {"service": "s3"}
        elif plain[1].replace("-", "") == operation.lower():
            service = plain[0].removesuffix("api") if plain[0] == "s3api" else plain[0]
            yield (
                match.start(1),
                {name: value for name, value in flags.items() if value is not None and name not in _GLOBAL},
                more | {"service": service},
            )


def _taken_apart(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Give the options of a command as parameters, and its other words."""
    flags: dict[str, Any] = {}
    plain: list[str] = []
    name = ""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            flag, sign, value = word[2:].partition("=")
            name = "".join(part.title() for part in flag.split("-"))
            flags[name] = _value(value) if sign else None
            name = "" if sign else name
        elif name:
            flags[name] = _value(word)
            name = ""
        else:
            plain.append(word)
    return flags, plain


def _value(word: str) -> Any:
    if word.startswith(("file://", "fileb://", "$")):
        return None
    if word[:1] in "{[":
        try:
            return json.loads(word)
        except ValueError:
            return None
    return word


def _high_level(operation: str, plain: list[str]) -> dict[str, str]:
    """Give bucket and key of a command of `aws s3`: the side that the refused operation works on."""
    places = [found.groups(default="") for word in plain[2:] if (found := re.fullmatch(_URI, word))]
    if not places:
        return {}
    verb = plain[1]
    if operation in _LISTS:
        bucket, key = places[0]
        return {"Bucket": bucket, "Prefix": key} if key else {"Bucket": bucket}
    if operation in _PUTS and verb in {"cp", "mv", "sync"}:
        return _place(places[-1], plain[2], sync=verb == "sync")
    if operation in _GETS or (operation.startswith("Delete") and verb in {"rm", "mv"}):
        return _place(places[0], "", sync=verb == "sync")
    return {}


def _place(place: tuple[str, ...], source: str, *, sync: bool) -> dict[str, str]:
    bucket, key = place
    if not sync and (not key or key.endswith("/")) and source and not source.endswith("/"):
        key += source.replace("\\", "/").rpartition("/")[2]
    return {"Bucket": bucket, "Key": key} if key and not sync else {"Bucket": bucket}


def _moved(operation: str, text: str) -> Iterator[Told]:
    """Read the CLI's own line on what failed: `upload failed: ./x to s3://b/k`."""
    for match in _MOVED.finditer(text):
        verb, one, other = match.group(1), match.group(2, 3), match.group(4, 5)
        place = other if operation in _PUTS else one if operation in _GETS or verb == "delete" else (None, None)
        if place[0] and place[1]:
            yield match.start(), {"Bucket": place[0], "Key": place[1].rstrip(".,;:")}, {"service": "s3"}
