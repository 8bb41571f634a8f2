"""Write the pages that are made from the drop-in files: `make docs`; `--check` only says which are stale and exits 1."""

import sys
from pathlib import Path

from undeny import dropins
from undeny.aws import collect
from undeny.diagnose import catalogue
from undeny.diagnose.info import CauseInfo

ROOT = Path(__file__).parents[1]
MADE = "<!-- Made by `make docs` from the drop-in files: edit those. -->\n"


def main() -> int:
    """Write every page that differs."""
    stale = [path for path, text in pages().items() if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text]
    if "--check" in sys.argv:
        print("\n".join(stale))
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(pages()[path], "utf-8")
        print(path)
    return 0


def pages() -> dict[str, str]:
    """Give every made page: path from the project's root, and its text."""
    causes = dict(sorted(catalogue().items()))
    made = {f"docs/causes/{code}.md": _cause(info) for code, info in causes.items()}
    made["docs/causes/README.md"] = _index(causes)
    made["docs/wordings.md"] = _wordings()
    made["docs/fixes.md"] = _fixes()
    made["docs/permissions.md"] = collect.permissions_page()
    return made


def _cause(info: CauseInfo) -> str:
    related = "".join(f"- [{code}]({code}.md)\n" for code in info.related)
    return (
        f"{MADE}# {info.code}\n\n*{info.bucket}* · {info.title}\n\n{info.text}\n\n## As seen\n\n```text\n{info.example}\n```\n\n"
        f"AWS: <{info.source}>\n" + (f"\n## Easily taken for it\n\n{related}" if related else "")
    )


def _index(causes: dict[str, CauseInfo]) -> str:
    rows = "".join(
        f"| [{c}]({c}.md) | {i.bucket} | {i.title} |\n" for c, i in sorted(causes.items(), key=lambda one: (one[1].bucket, one[0]))
    )
    return f"{MADE}# Causes\n\n| code | bucket | the call was denied because |\n|---|---|---|\n{rows}"


def _wordings() -> str:
    rows = []
    for module in dropins.load_all("undeny.denial.forms"):
        example = next(iter(module.EXAMPLES), "") if hasattr(module, "EXAMPLES") else ""
        shown = " ".join(str(example).split())[:160].replace("|", "\\|")
        title = (module.__doc__ or "").strip().splitlines()[0]
        rows.append(f"| {module.__name__.rpartition('.')[2]} | {title} | `{shown}` | <{module.SOURCE}> |\n")
    return f"{MADE}# Wordings that undeny reads\n\n| file | what it says | example | source |\n|---|---|---|---|\n{''.join(rows)}"


def _fixes() -> str:
    rows = []
    for module in dropins.load_all("undeny.fix.strategies"):
        title = (module.__doc__ or "").strip().splitlines()[0]
        codes = ", ".join(f"[{c}](causes/{c}.md)" for c in module.CODES)
        rows.append(f"| {module.__name__.rpartition('.')[2]} | {title} | {codes} | <{module.SOURCE}> |\n")
    return f"{MADE}# Fix strategies\n\n| file | what it proposes | for | source |\n|---|---|---|---|\n{''.join(rows)}"


if __name__ == "__main__":
    sys.exit(main())
