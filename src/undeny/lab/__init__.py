"""The embedded local AWS: moto holds the state, a gate in front decides as AWS does, and speaks with AWS's words.

`Lab` loads moto and boto3, `definition` nothing: so the name is looked up when it is first asked for.
"""

from typing import TYPE_CHECKING

from undeny.doors import lazily

if TYPE_CHECKING:
    from undeny.lab.server import Lab

__all__ = ["Lab"]

__getattr__ = lazily(__name__, {"Lab": "server"})  # `undeny.lab.definition` must not load moto
