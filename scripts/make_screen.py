"""Draw the screen that the README shows, from a real run over `docs/example.json`: `make docs`."""

import io
from pathlib import Path

from rich.console import Console

from undeny import pipeline
from undeny.emit.report import terminal
from undeny.ui.cli import suggest

ROOT = Path(__file__).parents[1]
SHORT = "d-7f2k"


def svg() -> str:
    """Give the screen as SVG: 100 columns, the colours of a dark terminal."""
    walked = pipeline.walk(ROOT / "docs" / "example.json")
    walked = pipeline.with_id(walked, SHORT, suggest.commands(walked.explanation, SHORT))
    console = Console(
        record=True,
        width=100,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print("$ undeny explain docs/example.json", style="bold")
    console.print(terminal.Screen(walked))
    return console.export_svg(title="undeny", unique_id="undeny")


if __name__ == "__main__":
    (ROOT / "docs" / "screen.svg").write_text(svg(), "utf-8")
