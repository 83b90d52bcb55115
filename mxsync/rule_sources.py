"""Rule files and list files on disk, as the language's `Sources`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mxsync.lang import messages_names
from mxsync.lang.diagnostics import Diagnostic
from mxsync.lang.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: modification time in nanoseconds, size in bytes, SHA-256 of its bytes."""

    mtime_ns: int
    size: int
    digest: str


class FileSources:
    """Reads `*.rules` below `paths` (files, or folders with their subfolders) and what they name.

    `base` is the configuration's folder: names of files are relative to it. `shipped` gives the text of a rule file
    that came with the product, None for an unknown name. Make a new one for each load: it remembers what it has read.
    """

    def __init__(
        self, paths: Sequence[Path], base: Path, shipped: Callable[[str], str | None] = lambda name: None
    ) -> None:
        self.paths = [base / path for path in paths]
        self.base = base.absolute()
        self.shipped = shipped
        self._seen: dict[Path, Stamp | None] = {}
        self._problems: list[Diagnostic] = []
        self._shipped_names: set[str] = set()

    def seen(self) -> Mapping[Path, Stamp | None]:
        """Every file asked for, rules and lists alike, and what it was; None for one that was not there."""
        return self._seen

    def digests(self) -> Mapping[Path, str | None]:
        """The same, by the SHA-256 of its bytes."""
        return {path: stamp.digest if stamp is not None else None for path, stamp in self._seen.items()}

    def still(self, files: Mapping[Path, str | None]) -> bool:
        """Whether an earlier load, which has asked for these files and no others, would find the same today. Asks for
        them."""
        self.roots()
        for file in files.keys() - self._seen.keys():
            self._read(file, self._name(file))
        return not self._problems and self.digests() == files

    def problems(self) -> Sequence[Diagnostic]:
        return self._problems

    def roots(self) -> Sequence[SourceFile]:
        found: dict[str, SourceFile] = {}
        for path in self.paths:
            for file in self._at(path):
                name = self._name(file)
                if name in found:
                    continue
                text = self._read(file, name)
                if text is not None:
                    found[name] = SourceFile(name, text)
                elif self._seen[file] is None:
                    self._problems.append(messages_names.file_unreadable(_start(name), name, "it is not there"))
        return [found[name] for name in sorted(found)]

    def _at(self, path: Path) -> list[Path]:
        """The file itself, or the rule files of a folder with all below it. A folder that cannot be listed is a problem
        and not one without rules: what it holds may be the rule that keeps private mail out."""

        def refused(fault: OSError) -> None:
            name = self._name(Path(fault.filename))
            reason = (fault.strerror or str(fault)).lower()
            self._problems.append(messages_names.file_unreadable(_start(name), name, reason))

        try:
            if not path.is_dir():
                return [path]
        except OSError:
            return [path]  # reading it says why it cannot be seen
        return sorted(
            Path(folder, name)
            for folder, _, names in os.walk(path, onerror=refused)
            for name in names
            if name.endswith(".rules")
        )

    def used(self, name: str, by: str) -> SourceFile | None:
        if by not in self._shipped_names:
            file = Path(os.path.normpath((self.base / by).parent / name if by else self.base / name))
            own = self._name(file)
            text = self._read(file, own)
            if text is not None:
                return SourceFile(own, text)
            if self._seen[file] is not None:
                return None  # there, but unreadable: said already
        shipped = self.shipped(name)
        if shipped is None:
            return None
        self._shipped_names.add(name)
        return SourceFile(name, shipped, shipped=True)

    def list_file(self, name: str, by: str) -> str | None:
        file = Path(os.path.normpath((self.base / by).parent / name))
        return self._read(file, self._name(file))

    def _name(self, file: Path) -> str:
        absolute = Path(os.path.normpath(file.absolute()))
        if absolute.is_relative_to(self.base):
            return absolute.relative_to(self.base).as_posix()
        return absolute.as_posix()

    def _read(self, file: Path, name: str) -> str | None:
        """The text, None with a problem noted when the file is there but cannot be read. The stamp is taken first, so
        that a write in between is seen as a change."""
        try:
            stat = file.stat()
            data = file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._seen[file] = None
            return None
        except (OSError, ValueError) as fault:
            self._seen[file] = Stamp(0, 0, "")
            reason = (fault.strerror if isinstance(fault, OSError) else None) or str(fault)
            self._problems.append(messages_names.file_unreadable(_start(name), name, reason.lower()))
            return None
        self._seen[file] = Stamp(stat.st_mtime_ns, stat.st_size, hashlib.sha256(data).hexdigest())
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = data.count(b"\n", 0, fault.start) + 1
            column = fault.start - (data.rfind(b"\n", 0, fault.start) + 1) + 1
            span = Span(name, line, column, line, column + 1)
            self._problems.append(messages_names.file_not_utf8(span, name))
            return None


def is_there(path: Path) -> bool:
    """Whether a file or folder of rules is there. One that rights do not let us see is, and reading it says so."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _start(name: str) -> Span:
    return Span(name, 1, 1, 1, 1)
