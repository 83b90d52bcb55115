"""How large an item may be. Parsers are linear, so the limit of size is one of time as well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file. A mail is held once, and each attachment once more while it is decoded: an item takes at most
    three times its size in memory."""

    mail: int = 150_000_000
    card: int = 20_000_000
    calendar: int = 50_000_000
    note: int = 5_000_000

    def of(self, ending: str) -> int:
        """The limit for a file with that ending ('.eml')."""
        match ending:
            case ".eml":
                return self.mail
            case ".vcf":
                return self.card
            case ".ics":
                return self.calendar
            case _:
                return self.note
