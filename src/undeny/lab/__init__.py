"""The embedded local AWS: moto holds the state, a gate in front decides as AWS does, and speaks with AWS's words.

`Lab` loads moto and boto3, `definition` nothing: so the name is looked up when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from undeny.lab.server import Lab

__all__ = ["Lab"]


def __getattr__(name: str) -> Any:
    if name == "Lab":
        from undeny.lab.server import Lab  # noqa: PLC0415 - `undeny.lab.definition` must not load moto

        return Lab
    raise AttributeError(f"module 'undeny.lab' has no attribute {name!r}")
