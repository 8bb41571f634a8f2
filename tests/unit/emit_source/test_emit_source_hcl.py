"""HCL as people write it is read with its places; what is no HCL is one clear error; nothing else ever happens."""

import contextlib
from pathlib import Path
from random import Random

import hcl2
import pytest

from undeny.emit.source import folder, hcl, json_text, yaml_text
from undeny.emit.source.hcl_model import Call, List, Object, Other, Reference, Text
from undeny.errors import UndenyError

CODE = Path(__file__).parents[2] / "data" / "code"
ODD = """\
locals {
  a = var.on ? "x" : [for s in var.list : "${s}/*" if s != "]}"]
  b = { for k, v in var.map : k => merge(v, { "a:b" = 1 }) }
  c = "${join(",", [for s in var.x : "${upper(s)}-${s == "}" ? "\\"" : "q"}"])}"
  d = <<EOT
plain %{ if var.on }yes%{ else }no%{ endif ~} $${kept}
EOT
  e = [
    1, -2.5, true, null, # comment, with ] in it
    aws_x.y[count.index].z["k"].*.id, /* } */
  ]
  f = (
    var.a
    && !var.b
  )
  g = provider::aws::arn_parse(x)["id"]
  h = { (var.key) = 1, "q" : 2
    r = 3 }
  i = f(a, b...)
  "j" = 1
}
"""


def test_odd_expressions_are_told_apart():
    text = ODD.replace('  "j" = 1\n', "")
    held = {one.name: one.value for one in hcl.parse(text, "x.tf").blocks[0].attributes}
    kinds = {name: type(value) for name, value in held.items()}
    assert kinds == {
        "a": Other, "b": Other, "c": Text, "d": Text, "e": List, "f": Other, "g": Other, "h": Object, "i": Call,
    }  # fmt: skip
    assert [text[v.start : v.end] for v in held["e"].items][-1] == 'aws_x.y[count.index].z["k"].*.id'
    assert isinstance(held["e"].items[-1], Reference)
    assert [key for key, _, _ in held["h"].pairs] == [None, "q", "r"]
    assert "$" in "".join(part for part in held["d"].parts if isinstance(part, str))


def test_every_place_is_the_text_that_stands_there():
    for path in CODE.rglob("*.tf"):
        text = path.read_text()
        todo = list(hcl.parse(text, path.name).blocks)
        while todo:
            block = todo.pop()
            todo += block.blocks
            assert text[block.start :].startswith(block.type)
            assert text[block.end - 1] == "}"
            for one in block.attributes:
                assert text[one.start : one.end].startswith(one.name)
                assert hcl2.loads(text[one.start : one.end] + "\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('a = "x\n', "line 1 cannot be read as HCL: the text does not end"),
        ("a = [1, 2\n", "`,` or `]` was expected"),
        ("a {\n", "it ends too early"),
        ("a = <<EOT\nx\n", "the heredoc does not end: `EOT` is missing"),
        ("a = \n", "a value was expected"),
        ("= 1", "a name was expected"),
        ('a = "\\q"', "`\\q` is no escape"),
        ("a = " + "[" * 500, "it is nested too deeply"),
        ("a = " + "(" * 500, "it is nested too deeply"),
    ],
)
def test_what_is_no_hcl_is_named_with_its_line(text, says):
    with pytest.raises(UndenyError) as told:
        hcl.parse(text, "x.tf")
    assert says in told.value.message


def test_no_text_makes_a_reader_fail_in_another_way():
    rng = Random(7)  # noqa: S311 - chance of a test, the same each time
    sources = [(path, path.read_text()) for path in sorted(CODE.rglob("*")) if path.is_file()] + [(Path("odd.tf"), ODD)]
    for _ in range(1500):
        path, text = rng.choice(sources)
        at = rng.randrange(len(text))
        size = rng.randrange(1, 12)
        mutated = (
            text[:at]
            + rng.choice(['"', "{", "}", "[", "${", "%{", "<<E\n", "\\", "\n", ":", "", "- ", "!Sub ", "\x00", "é"])
            + text[at + size :]
        )
        readers = {
            ".tf": lambda t: hcl.parse(t, "x"),
            ".tfvars": lambda t: hcl.parse(t, "x"),
            ".json": lambda t: json_text.read(t, (0, len(t)), "x"),
        }
        with contextlib.suppress(UndenyError):
            readers.get(path.suffix, lambda t: yaml_text.read(t, "x"))(mutated)
        if rng.randrange(20) == 0:
            folder.read({f"x{path.suffix}": mutated}, defaults=False)


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    text = "\ufeff" + (CODE / "terraform" / "iam.tf").read_text().replace("\n", "\r\n")
    assert len(hcl.parse(text, "x.tf").blocks) == len(hcl.parse((CODE / "terraform" / "iam.tf").read_text(), "x.tf").blocks)
