"""Why an AWS call was refused, proven; the smallest safe change that lets it through; and whether it worked.

`import undeny` loads nothing but this file: each function loads its room when it is first called.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from undeny.decide import compile_policies as compile  # noqa: A004 - the public name, fixed by the interface
    from undeny.decide import evaluate
    from undeny.denial import parse
    from undeny.many import fix_all
    from undeny.pipeline import explain, explain_all, to_builtins
    from undeny.prove import access_not_granted, no_new_access, no_public_access
    from undeny.ui.hook import install

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "access_not_granted",
    "compile",
    "evaluate",
    "explain",
    "explain_all",
    "fix_all",
    "install",
    "no_new_access",
    "no_public_access",
    "parse",
    "to_builtins",
]

_DOORS = {
    "access_not_granted": ("undeny.prove", "access_not_granted"),
    "compile": ("undeny.decide", "compile_policies"),
    "evaluate": ("undeny.decide", "evaluate"),
    "explain": ("undeny.pipeline", "explain"),
    "explain_all": ("undeny.pipeline", "explain_all"),
    "fix_all": ("undeny.many", "fix_all"),
    "install": ("undeny.ui.hook", "install"),
    "no_new_access": ("undeny.prove", "no_new_access"),
    "no_public_access": ("undeny.prove", "no_public_access"),
    "parse": ("undeny.denial", "parse"),
    "to_builtins": ("undeny.pipeline", "to_builtins"),
}


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module 'undeny' has no attribute {name!r}")
    room, function = _DOORS[name]
    value = getattr(import_module(room), function)
    globals()[name] = value
    return value
