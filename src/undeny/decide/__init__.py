"""The decision: layers, order, service rules, three-valued verdict, explanation.

The engine is loaded when a decision is first asked for: a text alone needs none.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from undeny.decide.engine import Compiled, compile_policies, decide, evaluate

__all__ = ["Compiled", "compile_policies", "decide", "evaluate"]


def __getattr__(name: str) -> Any:
    """Load the engine when a door is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'undeny.decide' has no attribute {name!r}")
    from undeny.decide import engine  # noqa: PLC0415 - only here

    for door in __all__:
        globals()[door] = getattr(engine, door)
    return globals()[name]
