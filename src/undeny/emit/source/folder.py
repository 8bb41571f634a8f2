"""The files of a folder that can define a policy, and all that they define."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from undeny.emit.source import state, template, terraform
from undeny.emit.source.model import Code
from undeny.errors import UndenyError

_SKIPPED = {".git", ".terraform", "node_modules", ".venv", "venv", "__pycache__", ".serverless", ".aws-sam"}
_CODE = (".tf", ".yaml", ".yml", ".json", ".template", ".tfvars", ".tfstate", ".tpl", ".tftpl")
MOST_FILES, MOST_BYTES = 5000, 5_000_000
"""Files of a folder, and bytes of one file, that are read at most."""


def texts(where: Path) -> dict[str, str]:
    """Give the text of every file that can hold code, as `look` does."""
    return look(where)[0]


def look(where: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the text of every file that can hold code, by its path within the folder, and what could not be read.

    Raises `UndenyError` for a folder that is not there, cannot be read, or holds neither Terraform nor CloudFormation.
    """
    if not where.exists():
        raise UndenyError(f"no such folder: `{where}`", code="no-such-folder")
    if not where.is_dir():
        raise UndenyError(f"`{where}` is no folder", code="no-such-folder", help=(f"as in: undeny fix --in {where.parent}",))
    found: dict[str, str] = {}
    unread: list[str] = []
    for path in _files(where):
        try:
            if path.stat().st_size <= MOST_BYTES:
                found[path.relative_to(where).as_posix()] = path.read_bytes().decode("utf-8")
            else:
                unread.append(f"`{path.relative_to(where)}` has more than {MOST_BYTES:,} bytes")
            if path.name.endswith(".tf.json"):
                unread.append(f"`{path.relative_to(where)}` is Terraform written as JSON, which is not read")
        except OSError as error:
            unread.append(f"`{path.relative_to(where)}` cannot be read: {(error.strerror or 'refused').lower()}")
        except UnicodeDecodeError:
            unread.append(f"`{path.relative_to(where)}` is not UTF-8")
        if len(found) >= MOST_FILES:
            unread.append(f"`{where}` has more than {MOST_FILES:,} files: name the folder of the code itself")
            break
    code = [name for name in found if name.endswith(".tf")] or [name for name, text in found.items() if "AWS::" in text]
    if not code:
        raise UndenyError(
            f"`{where}` holds neither Terraform (`*.tf`) nor a CloudFormation template",
            code="no-code",
            help=("name the folder of your code: undeny fix --in DIR", "the change as code of its own: undeny fix --as terraform"),
        )
    return found, tuple(one for one in unread if one.split("`")[1].endswith(".tf") or "more than" in one or "JSON" in one)


def _files(where: Path) -> list[Path]:
    found: list[Path] = []
    for base, folders, files in os.walk(where):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        found += [Path(base) / name for name in sorted(files) if name.endswith(_CODE)]
    return found


def read(texts: Mapping[str, str], *, defaults: bool = True) -> Code:
    """Read all that the texts define. `defaults`: variables and parameters that nothing sets have their defaults."""
    known = state.read(texts)
    one = terraform.read(texts, known, defaults=defaults)
    two = template.read({path: text for path, text in texts.items() if not state.is_state(text)}, defaults=defaults)
    return msgspec.structs.replace(
        one,
        definitions=one.definitions + two.definitions,
        things=one.things + two.things,
        unread=one.unread + two.unread,
    )
