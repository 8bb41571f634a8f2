"""Seeded faults: the definition loaded from its own text with one rule broken, to see that the comparison would notice."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from undeny.lab import definition

PARTS = ("definition_language", "definition_call", "definition_services", "definition")

FAULTS = {
    "a negated operator fails on an absent key": (
        "definition_language", 'or quantifier == "ForAllValues" or (negated and quantifier is None)', 'or quantifier == "ForAllValues"'),
    "ForAllValues fails on an absent key": ("definition_language", 'bool(if_exists) or quantifier == "ForAllValues"', "bool(if_exists)"),
    "a wildcard stops at a newline": ("definition_language", "resource, re.DOTALL) is not None", "resource) is not None"),
    "every star in a resource runs past a colon": ("definition_language", '"*": "[^:]*"}', '"*": ".*"}'),
    "an unparsable value is a mismatch under negated operators": ("definition_language", "return None if negated else False", "return False"),
    "variables are substituted in every version": ("definition", 'variables, effect = version == "2012-10-17"', "variables, effect = True"),
    "an unknown deny is ignored": ("definition", '"unknown" if denied is None or allowed is None', '"unknown" if allowed is None'),
    "one level of the organisation is enough": ("definition", "or SILENT for level in value], all_of)", "or SILENT for level in value], any_of)"),
    "one scope-down policy is enough": ("definition", 'all_of if layer == "scope_down" else any_of', "any_of"),
    "a grant to the role passes boundary and session policy": ("definition", 'all_of([grants["role"], inner])', 'grants["role"]'),
    "a grant to everyone surely passes the boundary": ("definition", 'all_of([grants["everyone"], undocumented])', 'grants["everyone"]'),
    "a grant to the session is cut by the session policy": ("definition", 'any_of([grants["direct"], ', 'any_of([all_of([grants["direct"], inner]), '),
    "a key policy need not delegate": ("definition", "required = is_trust(call) or is_key(call) or", "required = is_trust(call) or"),
    "across accounts the identity side is not asked": ("definition", 'all_of([allow["identity"], inner, resource.allow])', "resource.allow"),
    "service-linked roles are bound by SCPs": ("definition", "and not service_linked(call.caller.arn) and", "and"),
    "the root user may assume roles": ("definition_services", 'call.caller.kind == "root" and is_trust(call)', "False"),
    "NotPrincipal is the complement of Principal": (
        "definition_call", 'any_of([named["everyone"], all_of(named[way] for way in must)])', "any_of(named.values())"),
    "a public bucket policy holds across accounts though it is restricted": (
        "definition", 'outside and block["RestrictPublicBuckets"]', "False"),
}  # fmt: skip


def mutant(part: str, old: str, new: str) -> Callable[..., dict[str, Any]]:
    """`decide` of a definition in whose text `old` is `new`."""
    folder = Path(definition.__file__).parent
    for name in PARTS:
        text = (folder / f"{name}.py").read_text()
        if name == part:
            assert text.count(old) == 1, f"`{old}` is no longer once in {name}.py: seed the fault anew"
            text = text.replace(old, new)
        module = ModuleType(f"mutant_{name}")
        sys.modules[module.__name__] = module
        exec(text.replace("from undeny.lab.", "from mutant_"), module.__dict__)  # noqa: S102 - our own text, with a fault in it
    decide: Callable[..., dict[str, Any]] = sys.modules["mutant_definition"].decide
    for name in PARTS:
        del sys.modules[f"mutant_{name}"]
    return decide
