"""Writes the tables of options in configuration.md from the code's own table.

`python docs/make_configuration.py` rewrites them; `--check` only says whether they are up to date (exit 1 if not).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mxsync.config.options import OPTIONS

PAGE = Path(__file__).with_name("configuration.md")
_TABLE = re.compile(r"(<!-- options: (?P<section>[\w.]+) -->\n).*?(?=\n(?:\n|$))", re.DOTALL)


def table(section: str) -> str:
    """The rows of one section, as Markdown."""
    lines = ["| option | takes | default | meaning |", "|---|---|---|---|"]
    for option in OPTIONS:
        if option.section == section:
            default = "needed" if option.required else f"`{option.default}`" if option.default else ""
            lines.append(f"| `{option.name}` | {option.takes} | {default} | {option.document} |")
    return "\n".join(lines)


def page(text: str) -> str:
    """The page with its tables as the code has them. Raises `SystemExit` when a section has no place on the page."""
    missing = {option.section for option in OPTIONS} - {found["section"] for found in _TABLE.finditer(text)}
    if missing:
        raise SystemExit(f"{PAGE.name} has no place for {', '.join(sorted(missing))}: add a line <!-- options: … -->")
    return _TABLE.sub(lambda found: found[1] + table(found["section"]), text)


def main(arguments: list[str]) -> int:
    text = PAGE.read_text(encoding="utf-8")
    made = page(text)
    if "--check" in arguments:
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
