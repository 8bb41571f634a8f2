"""Where in the user's code a cause is at home: what annotations and scanners point at."""

import msgspec


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """Text that takes the place of other text: lines and columns from 1, the end column behind the last character."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a file (`path` as the repository has it), what is there, and the change that mends it."""

    path: str
    line: int
    what: str
    swaps: tuple[Swap, ...] = ()
