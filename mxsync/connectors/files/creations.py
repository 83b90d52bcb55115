"""Many new files at once: their contents are flushed together, and their directories once.

A flush waits for the disk, whatever it is asked to write: of a hundred files that are flushed at the same time, most
come with the journal's one commit. Each file still takes its name only when its content is durable.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from mxsync.connectors.files import durable
from mxsync.connectors.files.layout import TEMPORARY
from mxsync.failpoints import reach

_AT_ONCE: Final = 100
"""Files that are open at the same time."""
_FLUSHES: Final = 8


class Creations:
    """Files that are written and not placed yet, by the path that they will have."""

    def __init__(self) -> None:
        self._written: dict[Path, Path] = {}
        self._places: set[Path] = set()

    @contextlib.contextmanager
    def prepared(self, contents: Mapping[Path, bytes]) -> Iterator[None]:
        """Writes these; at the end makes durable where they were placed, and removes those that were not. One that
        cannot be written is not prepared. Raises `ServerError` where a directory cannot be flushed."""
        paths = list(contents)
        for start in range(0, len(paths), _AT_ONCE):
            self._write({path: contents[path] for path in paths[start : start + _AT_ONCE]})
        try:
            yield
        finally:
            left, places = list(self._written.values()), sorted(self._places)
            self._written.clear()
            self._places.clear()
            for temporary in left:
                with contextlib.suppress(OSError):
                    temporary.unlink()
            for place in places:
                try:
                    durable.flush_directory(place)
                except OSError as error:
                    raise durable.server_error(error, place.name) from error

    def place(self, path: Path) -> bool:
        """Gives a prepared file its name; False where there is none. Raises `FileExistsError` where something of that
        name is there, which stays as it is."""
        temporary = self._written.pop(path, None)
        if temporary is None:
            return False
        try:
            durable.place_new(temporary, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
        self._places.add(path.parent)
        return True

    def _write(self, contents: Mapping[Path, bytes]) -> None:
        written: list[tuple[Path, Path, int]] = []
        try:
            for path, content in contents.items():
                with contextlib.suppress(OSError):
                    temporary = path.parent / f"{TEMPORARY[0]}{path.stem}{TEMPORARY[1]}"
                    written.append((path, temporary, durable.write_unflushed(temporary, content)))
            flushed = _flush([descriptor for _, _, descriptor in written])
        finally:
            for _, _, descriptor in written:
                os.close(descriptor)
        for (path, temporary, _), done in zip(written, flushed, strict=True):
            if done:
                self._written[path] = temporary
                reach("file.written")
            else:
                with contextlib.suppress(OSError):
                    temporary.unlink()


def _flush(descriptors: Sequence[int]) -> list[bool]:
    """Flushes files at the same time; of each whether it worked."""

    def flush(descriptor: int) -> bool:
        try:
            os.fsync(descriptor)
        except OSError:
            return False
        return True

    with ThreadPoolExecutor(_FLUSHES, "flush") as pool:
        return list(pool.map(flush, descriptors))
