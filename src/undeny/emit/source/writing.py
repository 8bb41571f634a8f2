"""New values as the code around them is written: HCL, JSON, YAML; with a reference where the code already names the thing."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from undeny.emit.source.model import Style

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./*+=@-]*(?::[A-Za-z0-9_./*+=@-]+)*(?::{2,}[A-Za-z0-9_./*+=@:-]+)?")
_AMBIGUOUS = re.compile(r"(?i)[\d.:+_-]+|0x[\da-f]+|true|false|yes|no|on|off|y|n|null|~|\d[\d_.]*e[\d+-]+")
"""Words that YAML would read as another value than a text: https://yaml.org/type/"""
_FITS = 100
"""Columns up to which a list of HCL stays on its line."""
_USABLE = re.compile(r"(?!each\.|count\.|self\.|path\.|terraform\.)[A-Za-z_][\w-]*(?:[.:]{1,2}[\w-]+|\[\d+\])*")


class Kept(msgspec.Struct, frozen=True):
    """A value that stands in the code already, kept as it is written."""

    text: str


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What references stand for, and how they are written: within HCL, a heredoc, a template, or not at all."""

    values: Mapping[str, Any] = {}
    form: Literal["hcl", "heredoc", "escaped", "template", "none"] = "none"
    """`escaped`: a file that Terraform fills in, whose own names are another's business."""

    def of(self, text: str) -> tuple[str, str, str] | None:
        """Give the longest reference that a text has between its separators, with what stands before and behind it; `None` for none."""
        best: tuple[str, str, str] | None = None
        longest = 0
        for name, value in self.values.items():
            if not isinstance(value, str) or len(value) < max(8, longest + 1) or not _USABLE.fullmatch(name):
                continue
            before, found, behind = text.partition(value)
            if found and before[-1:] in ("", ":", "/") and behind[:1] in ("", ":", "/"):
                best, longest = (before, name, behind), len(value)
        return best if self.form not in ("none", "escaped") else None


def write(value: Any, style: Style, indent: str, names: Names, *, inline: bool = False) -> str:
    """Write a value in a style. `indent` is the white space before the line on which it begins."""
    if style in ("hcl", "document"):
        return _hcl(value, indent, names, inline=inline)
    if style == "json":
        return _json(value, indent, names, inline=inline)
    return _yaml(value, indent, names)


def key(name: str, style: Style) -> str:
    """Write a key with the sign behind it."""
    if style in ("hcl", "document"):
        return f"{name if _BARE.fullmatch(name) else _quoted(name)} = "
    return f"{json.dumps(name)}: " if style == "json" else f"{_scalar(name)}: "


# ---- HCL


def _hcl(value: Any, indent: str, names: Names, *, inline: bool) -> str:
    if isinstance(value, Kept):
        return value.text
    if isinstance(value, dict):
        return _hcl_object(value, indent, names, inline=inline)
    if isinstance(value, list):
        short = "[" + ", ".join(_hcl(one, indent, names, inline=True) for one in value) + "]"
        if inline or (not any(isinstance(one, dict) for one in value) and (len(value) < 2 or len(indent) + len(short) <= _FITS)):
            return short
        lines = [f"{indent}  {_hcl(one, indent + '  ', names, inline=False)}," for one in value]
        return "\n".join(["[", *lines, f"{indent}]"])
    if not isinstance(value, str):
        return json.dumps(value)
    found = names.of(value)
    if found is None:
        return _quoted(value)
    before, name, behind = found
    return name if not before and not behind else f'"{_inner(before)}${{{name}}}{_inner(behind)}"'


def _hcl_object(value: Mapping[str, Any], indent: str, names: Names, *, inline: bool) -> str:
    written = {name: _hcl(held, indent + "  ", names, inline=inline) for name, held in value.items()}
    if inline:
        return "{ " + ", ".join(f"{key(name, 'hcl')}{text}" for name, text in written.items()) + " }"
    return "\n".join(["{", *aligned({key(n, "hcl")[:-3]: text for n, text in written.items()}, indent + "  "), f"{indent}}}"])


def aligned(pairs: Mapping[str, str], indent: str) -> list[str]:
    """Write attributes as `terraform fmt` does: the signs of neighbours of one line stand below each other."""
    lines: list[str] = []
    group: list[tuple[str, str]] = []
    for name, text in (*pairs.items(), ("", "\n")):
        if "\n" in text:
            wide = max((len(one) for one, _ in group), default=0)
            lines += [f"{indent}{one:<{wide}} = {told}" for one, told in group]
            lines += [f"{indent}{name} = {text}"] if name else []
            group = []
        else:
            group.append((name, text))
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _inner(text: str) -> str:
    return _quoted(text)[1:-1]


# ---- JSON


def _json(value: Any, indent: str, names: Names, *, inline: bool) -> str:
    if isinstance(value, Kept):
        return value.text
    if isinstance(value, dict):
        told = [f"{json.dumps(name)}: {_json(held, indent + '  ', names, inline=inline)}" for name, held in value.items()]
        return _bracketed("{}", told, indent, inline=inline)
    if isinstance(value, list):
        told = [_json(one, indent + "  ", names, inline=inline) for one in value]
        return _bracketed("[]", told, indent, inline=inline)
    text = json.dumps(value, ensure_ascii=False)
    found = names.of(value) if isinstance(value, str) else None
    if names.form in ("heredoc", "escaped"):
        if found is None:
            return text.replace("${", "$${").replace("%{", "%%{")
        return f'"{_inner(found[0])}${{{found[1]}}}{_inner(found[2])}"'
    if found is not None:
        return json.dumps({"Fn::Sub": _sub(found)})
    return text


def _bracketed(marks: str, told: list[str], indent: str, *, inline: bool) -> str:
    if inline or not told:
        return marks[0] + ", ".join(told) + marks[1]
    return "\n".join([marks[0], ",\n".join(f"{indent}  {one}" for one in told), f"{indent}{marks[1]}"])


# ---- YAML


def _yaml(value: Any, indent: str, names: Names) -> str:
    """Write a value of YAML; a mapping or list begins on a line of its own, at `indent`, without the line break before it."""
    if isinstance(value, Kept):
        return value.text
    if isinstance(value, dict) and list(value) == ["Ref"]:
        return f"!Ref {value['Ref']}"
    if isinstance(value, dict):
        return "\n".join(_yaml_pair(name, held, indent, names) for name, held in value.items())
    if isinstance(value, list):
        return "\n".join(f"{indent}- {_yaml_item(one, indent, names)}" for one in value)
    found = names.of(value) if isinstance(value, str) else None
    return f"!Sub {_scalar(_sub(found))}" if found else _scalar(value)


def _yaml_pair(name: str, value: Any, indent: str, names: Names) -> str:
    if value in ({}, []):
        return f"{indent}{_scalar(name)}: {json.dumps(value)}"
    text = _yaml(value, indent + "  ", names)
    deep = isinstance(value, list) or (isinstance(value, dict) and list(value) != ["Ref"])
    return f"{indent}{_scalar(name)}:\n{text}" if deep else f"{indent}{_scalar(name)}: {text}"


def _yaml_item(value: Any, indent: str, names: Names) -> str:
    text = _yaml(value, indent + "  ", names)
    return text.removeprefix(indent + "  ")


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    plain = _PLAIN.fullmatch(value) and not _AMBIGUOUS.fullmatch(value)
    return value if plain else "'" + value.replace("'", "''") + "'" if value.isprintable() else json.dumps(value)


def _sub(found: tuple[str, str, str]) -> str:
    """Write a text with a reference so that `Fn::Sub` leaves the rest of it alone.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    before, name, behind = found
    return f"{before.replace('${', '${!')}${{{name}}}{behind.replace('${', '${!')}"
