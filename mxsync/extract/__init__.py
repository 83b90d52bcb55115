"""Text → facts: what a mail says about the person who wrote it.

    reading = read_text(text, sender=Address("Jane Roe", "jane@acme.example"), region="GB")

Pure: no file, no network, no clock. Everything below this line is loaded only when it is first asked for, so that
importing the package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as `typing` has it, which alone takes longer to load than this package may
if TYPE_CHECKING:
    from mxsync.extract.reading import Reading as Reading
    from mxsync.extract.reading import read_text as read_text

__all__ = ["Reading", "read_text"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from mxsync.extract import reading

        return getattr(reading, name)
    raise AttributeError(f"module `mxsync.extract` has no attribute `{name}`")
