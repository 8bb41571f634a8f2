"""The decision: layers, order, service rules, three-valued verdict, explanation."""

from undeny.decide.engine import Compiled, compile_policies, decide, evaluate

__all__ = ["Compiled", "compile_policies", "decide", "evaluate"]
