"""The question of `check no-new-access` put to cvc5: another program, another theory, nothing shared with undeny but the policies.

Identity policies of one service; string, ARN, address, number, date and boolean operators, `IfExists`, `Null` and the set operators. An
action is one of a list, each with a regular expression of the ARNs that it works on; a condition key is absent or has a value (or three
at most, which is as many as a witness needs where a policy has no more than two `ForAnyValue`).
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Iterable
from typing import Any

import cvc5
from cvc5 import Kind, Term

from generators.realistic import SERVICES

Json = dict[str, Any]
MULTIVALUED = ("aws:tagkeys",)
ALWAYS = ("aws:requestedregion",)
SLOTS = 4
DIGITS, REGION = "[0-9]{12}", "[a-z][a-z0-9-]*"
SHAPES = {
    "s3:getobject": "arn:aws:s3:::[^/]+/.+", "s3:putobject": "arn:aws:s3:::[^/]+/.+", "s3:deleteobject": "arn:aws:s3:::[^/]+/.+",
    "s3:getobjecttagging": "arn:aws:s3:::[^/]+/.+",
    "s3:listbucket": "arn:aws:s3:::[^/]+", "s3:getbucketlocation": "arn:aws:s3:::[^/]+", "s3:putbucketpolicy": "arn:aws:s3:::[^/]+",
    "sqs": f"arn:aws:sqs:{REGION}:{DIGITS}:.+",
    "ec2": f"arn:aws:ec2:{REGION}:{DIGITS}:instance/.+",
    "secretsmanager": f"arn:aws:secretsmanager:{REGION}:{DIGITS}:secret:.+",
}  # fmt: skip
"""https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""


class Encoding:
    """One question as formulas. `answer()`: `True` where cvc5 finds no request, `False` where it finds one, `None` where it gives up."""

    def __init__(self, milliseconds: int) -> None:
        self.tm = cvc5.TermManager()
        self.solver = cvc5.Solver(self.tm)
        self.solver.setLogic("ALL")
        self.solver.setOption("strings-exp", "true")
        self.solver.setOption("tlimit-per", str(milliseconds))
        self.string = self.tm.getStringSort()
        self.resource = self.tm.mkConst(self.string, "resource")
        self.keys: dict[str, tuple[Term, list[tuple[Term, Term]]]] = {}

    # ---- small words

    def all(self, parts: Iterable[Term]) -> Term:
        found = list(parts)
        return self.tm.mkTrue() if not found else found[0] if len(found) == 1 else self.tm.mkTerm(Kind.AND, *found)

    def any(self, parts: Iterable[Term]) -> Term:
        found = list(parts)
        return self.tm.mkFalse() if not found else found[0] if len(found) == 1 else self.tm.mkTerm(Kind.OR, *found)

    def no(self, part: Term) -> Term:
        return self.tm.mkTerm(Kind.NOT, part)

    def implies(self, one: Term, other: Term) -> Term:
        return self.tm.mkTerm(Kind.IMPLIES, one, other)

    # ---- texts

    def pattern(self, text: str, *, segment: bool = False) -> Term:
        """Read `*` and `?`; within a `segment` neither takes a colon."""
        one = self._but_colon() if segment else self.tm.mkTerm(Kind.REGEXP_ALLCHAR)
        parts = [
            self.tm.mkTerm(Kind.REGEXP_STAR, one) if c == "*" else one if c == "?" else self.tm.mkTerm(Kind.STRING_TO_REGEXP, self.tm.mkString(c))
            for c in text
        ]  # fmt: skip
        return self._joined(parts)

    def _joined(self, parts: list[Term]) -> Term:
        if not parts:
            return self.tm.mkTerm(Kind.STRING_TO_REGEXP, self.tm.mkString(""))
        return parts[0] if len(parts) == 1 else self.tm.mkTerm(Kind.REGEXP_CONCAT, *parts)

    def _but(self, character: str) -> Term:
        taken = self.tm.mkTerm(Kind.STRING_TO_REGEXP, self.tm.mkString(character))
        return self.tm.mkTerm(Kind.REGEXP_DIFF, self.tm.mkTerm(Kind.REGEXP_ALLCHAR), taken)

    def _but_colon(self) -> Term:
        return self._but(":")

    def arn(self, text: str) -> Term:
        """Read an ARN pattern: five segments without colons, then the rest."""
        parts = text.split(":", 5)
        if len(parts) < 6:
            return self.pattern(text)
        colon = self.tm.mkTerm(Kind.STRING_TO_REGEXP, self.tm.mkString(":"))
        return self._joined([word for part in parts[:5] for word in (self.pattern(part, segment=True), colon)] + [self.pattern(parts[5])])

    def inside(self, text: Term, language: Term) -> Term:
        return self.tm.mkTerm(Kind.STRING_IN_REGEXP, text, language)

    def shape(self, expression: str) -> Term:
        """Read the few regular expressions of `SHAPES`."""
        found: list[Term] = []
        for token in re.findall(r"\[\^/\]\+|\[0-9\]\{12\}|\[a-z\]\[a-z0-9-\]\*|\.\+|.", expression):
            anything = self.tm.mkTerm(Kind.REGEXP_ALLCHAR)
            if token == "[^/]+":
                found.append(self.tm.mkTerm(Kind.REGEXP_PLUS, self._but("/")))
            elif token == "[0-9]{12}":
                found += [self.range("0", "9")] * 12
            elif token == "[a-z][a-z0-9-]*":
                later = self.tm.mkTerm(Kind.REGEXP_UNION, self.range("a", "z"), self.range("0", "9"), self.pattern("-"))
                found += [self.range("a", "z"), self.tm.mkTerm(Kind.REGEXP_STAR, later)]
            elif token == ".+":
                found.append(self.tm.mkTerm(Kind.REGEXP_PLUS, anything))
            else:
                found.append(self.pattern(token))
        return self._joined(found)

    def range(self, first: str, last: str) -> Term:
        return self.tm.mkTerm(Kind.REGEXP_RANGE, self.tm.mkString(first), self.tm.mkString(last))

    # ---- statements

    def allowed(self, policy: Json, action: str) -> Term:
        allows, denies = [], []
        for one in policy["Statement"]:
            (allows if one["Effect"] == "Allow" else denies).append(self.holds(one, action))
        return self.all([self.any(allows), self.no(self.any(denies))])

    def holds(self, one: Json, action: str) -> Term:
        names = _list(one.get("Action", one.get("NotAction")))
        named = any(re.fullmatch(re.escape(name.lower()).replace(r"\*", ".*").replace(r"\?", "."), action) for name in names)
        if named is ("NotAction" in one):
            return self.tm.mkFalse()
        where = self.any(self.inside(self.resource, self.arn(text)) for text in _list(one.get("Resource", one.get("NotResource"))))
        parts = [self.no(where) if "NotResource" in one else where]
        for operator, block in one.get("Condition", {}).items():
            parts += [self.condition(operator, key.lower(), _list(values)) for key, values in block.items()]
        return self.all(parts)

    def key(self, name: str, kind: str) -> tuple[Term, list[tuple[Term, Term]]]:
        """Give whether a key is there, and its values, each with whether it is one."""
        if name not in self.keys:
            sort = {"Numeric": self.tm.getRealSort(), "Date": self.tm.getRealSort(), "Bool": self.tm.getBooleanSort(), "Ip": self.tm.mkBitVectorSort(32)}.get(
                kind, self.string
            )  # fmt: skip
            count = SLOTS if name in MULTIVALUED else 1
            there = self.tm.mkConst(self.tm.getBooleanSort(), f"{name}?")
            slots = [
                (self.tm.mkConst(self.tm.getBooleanSort(), f"{name}[{i}]?"), self.tm.mkConst(sort, f"{name}[{i}]")) for i in range(count)
            ]
            self.solver.assertFormula(self.tm.mkTerm(Kind.EQUAL, there, self.any(used for used, _ in slots)))
            if name in ALWAYS:
                self.solver.assertFormula(there)
                self.solver.assertFormula(self.all(self.inside(value, self.shape(REGION)) for _, value in slots))
            if kind == "Arn":
                self.solver.assertFormula(self.all(self.inside(value, self.arn("arn:*:*:*:*:*")) for _, value in slots))
            self.keys[name] = there, slots
        return self.keys[name]

    def condition(self, operator: str, key: str, values: list[str]) -> Term:
        quantifier, _, bare = operator.rpartition(":")
        base = bare.removesuffix("IfExists")
        kind = next((k for k in ("Numeric", "Date", "Bool", "Arn") if base.startswith(k)), "Ip" if "IpAddress" in base else "String")
        if base == "Null":
            kind = {"aws:multifactorauthage": "Numeric", "aws:multifactorauthpresent": "Bool"}.get(key, "String")
        there, slots = self.key(key, kind)
        if base == "Null":
            return self.no(there) if "true" in values else there
        negated = "Not" in base
        fits = [(used, self.any(self.fits(base.replace("Not", "", 1), value, text) for text in values)) for used, value in slots]
        meets = [(used, self.no(fit) if negated else fit) for used, fit in fits]
        if quantifier == "ForAllValues":
            return self.all(self.implies(used, meet) for used, meet in meets)
        if quantifier == "ForAnyValue":
            return self.any(self.all([used, meet]) for used, meet in meets)
        when = self.all([there, meets[0][1]])
        return self.any([self.no(there), when]) if negated or bare.endswith("IfExists") else when

    def fits(self, operator: str, value: Term, text: str) -> Term:
        """Say that one value of a key fits one value of a policy."""
        if operator == "StringLike":
            return self.inside(value, self.pattern(text))
        if operator.startswith("Arn"):
            return self.inside(value, self.arn(text))
        if operator == "StringEquals":
            return self.tm.mkTerm(Kind.EQUAL, value, self.tm.mkString(text))
        if operator == "StringEqualsIgnoreCase":
            cases = [self.any_case(c) for c in text]
            return self.inside(value, self._joined(cases))
        if operator == "Bool":
            return self.tm.mkTerm(Kind.EQUAL, value, self.tm.mkBoolean(text == "true"))
        if operator == "IpAddress":
            network = ipaddress.ip_network(text)
            mask = self.tm.mkBitVector(32, int(network.netmask))
            return self.tm.mkTerm(
                Kind.EQUAL, self.tm.mkTerm(Kind.BITVECTOR_AND, value, mask), self.tm.mkBitVector(32, int(network.network_address))
            )
        relation = {
            "Equals": Kind.EQUAL, "LessThan": Kind.LT, "LessThanEquals": Kind.LEQ, "GreaterThan": Kind.GT, "GreaterThanEquals": Kind.GEQ,
        }[operator.removeprefix("Numeric").removeprefix("Date")]  # fmt: skip
        number = int(text) if operator.startswith("Numeric") else int(dt.datetime.fromisoformat(text).timestamp())
        return self.tm.mkTerm(relation, value, self.tm.mkReal(number))

    def any_case(self, character: str) -> Term:
        both = dict.fromkeys((character.lower(), character.upper()))
        each = [self.pattern(c) for c in both]
        return each[0] if len(each) == 1 else self.tm.mkTerm(Kind.REGEXP_UNION, *each)

    def answer(self) -> bool | None:
        result = self.solver.checkSat()
        return True if result.isUnsat() else False if result.isSat() else None


def no_new_access(service: str, actions: Iterable[str], old: Json, new: Json, milliseconds: int = 2000) -> bool | None:
    """Ask cvc5 for a request of this service that `new` allows and `old` does not, action by action; one that it has no shape for
    may work on any ARN of the service."""
    unsure = False
    for name in actions:
        action = name.lower()
        asked = Encoding(milliseconds)
        shape = SHAPES.get(action) or SHAPES.get(service if name in SERVICES[service]["actions"] else "", "")
        asked.solver.assertFormula(asked.inside(asked.resource, asked.shape(shape) if shape else asked.arn(f"arn:aws:{service}:*:*:?*")))
        asked.solver.assertFormula(asked.allowed(new, action))
        asked.solver.assertFormula(asked.no(asked.allowed(old, action)))
        found = asked.answer()
        if found is False:
            return False
        unsure = unsure or found is None
    return None if unsure else True


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
