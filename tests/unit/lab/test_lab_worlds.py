"""The stories as a set."""

import ast
import inspect
from types import ModuleType

import pytest

from undeny import dropins
from undeny.lab import worlds

FILES = list(dropins.load_all("undeny.lab.worlds"))


@pytest.mark.parametrize("world", FILES, ids=lambda world: world.__name__)
def test_every_story_tells_what_is_expected(world: ModuleType):
    assert world.TITLE
    assert world.TEXT.endswith(".")
    assert callable(world.seed)


@pytest.mark.parametrize("world", FILES, ids=lambda world: world.__name__)
def test_a_story_file_defines_no_class(world: ModuleType):
    assert not [node for node in ast.walk(ast.parse(inspect.getsource(world))) if isinstance(node, ast.ClassDef)]


def test_no_two_stories_have_one_title():
    titles = [world.TITLE for world in worlds.load_all()]
    assert len(set(titles)) == len(titles) == len(FILES)
