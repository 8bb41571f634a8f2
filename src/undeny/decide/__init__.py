"""The decision: layers, order, service rules, three-valued verdict, explanation.

The engine is loaded when a decision is first asked for: a text alone needs none.
"""

from typing import TYPE_CHECKING

from undeny.doors import lazily

if TYPE_CHECKING:
    from undeny.decide.engine import Compiled, compile_policies, decide, evaluate

__all__ = ["Compiled", "compile_policies", "decide", "evaluate"]

__getattr__ = lazily(__name__, dict.fromkeys(__all__, "engine"))
