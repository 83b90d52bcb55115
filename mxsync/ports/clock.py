"""Time as an argument."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, with a zone. The core never asks; the shell asks once an item or a page and passes it on."""

    def now(self) -> datetime: ...
