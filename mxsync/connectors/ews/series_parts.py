"""What a series' text names: the moments of its lines, and the occurrences that are components of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from mxsync.extract.calendar_values import at_zone, named_zone, parse_date_or_time
from mxsync.extract.components import Component
from mxsync.extract.series import Series


def moments_of(series: Series, name: str) -> Iterator[date]:
    """The dates and moments of the lines of a name."""
    source = series.source
    for line in source.main.every(name):
        zone = named_zone(line.param("TZID")) or source.zone
        for text in line.value.split(","):
            found = parse_date_or_time(text)
            moment = at_zone(found, zone) if isinstance(found, datetime) else found
            if moment is not None:
                yield moment


def others_of(series: Series) -> Iterator[tuple[date, Component]]:
    """By when the rule has them."""
    for other in series.source.others:
        line = other.first_of("RECURRENCE-ID")
        moment = series.source.moment(line) if line is not None else None
        if moment is not None:
            yield moment, other
