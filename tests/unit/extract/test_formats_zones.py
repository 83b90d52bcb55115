"""VTIMEZONEs that are written say what the zone says, and are read back so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mxsync.extract.components import read_components
from mxsync.extract.vtimezone import DefinedZone, read_zone
from mxsync.extract.vtimezone_write import zone_lines

ZONES = (
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Africa/Casablanca", "Africa/Johannesburg", "Asia/Jerusalem",
    "Asia/Tehran", "Australia/Lord_Howe", "Europe/Istanbul", "Pacific/Apia", "Asia/Pyongyang", "Europe/Dublin",
    "America/Caracas", "Asia/Kathmandu", "America/Godthab", "Africa/Windhoek",
)  # fmt: skip


def defined(name: str, year: int) -> DefinedZone:
    """The zone as a reader sees it who does not know its name."""
    lines = "\r\n".join(zone_lines(ZoneInfo(name), "Nowhere/Made up", year))
    zone = read_zone(read_components(lines.encode()).components[0])
    assert isinstance(zone, DefinedZone)
    return zone


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [2005, 2024])
def test_a_written_zone_is_the_zone(name: str, year: int) -> None:
    zone, written = ZoneInfo(name), defined(name, year)
    moment = datetime(year, 1, 1, 12, 30, tzinfo=UTC)
    while moment.year < year + 15:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        assert written.place(wall).utcoffset() == wall.replace(tzinfo=zone).utcoffset(), wall
        assert written.wall(moment) == wall
        moment += timedelta(hours=40)


def test_a_rule_that_holds_is_written_as_one() -> None:
    lines = zone_lines(ZoneInfo("Europe/Berlin"), "Europe/Berlin", 2026)
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in lines and "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" in lines
    assert len(lines) < 25
    assert not any(line.startswith("RRULE") for line in zone_lines(ZoneInfo("Africa/Johannesburg"), "x", 2026))
    israel = zone_lines(ZoneInfo("Asia/Jerusalem"), "x", 2026)
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29" in israel
