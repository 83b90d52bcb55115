"""From the address of a database to a rule file that proposes how its tables are mapped."""

from __future__ import annotations

from pathlib import Path

from mxsync.config.values import Place, Wrong, database_url
from mxsync.errors import ConfigError


def propose_for(address: str) -> tuple[str, str]:
    """(the address as the configuration should have it, the rule file's text). Raises `ConfigError` for an address that
    is none, and `ServerError` where the database cannot be read."""
    from mxsync.cli.proposal.guess import guess
    from mxsync.cli.proposal.looks import looks
    from mxsync.cli.proposal.text import proposal
    from mxsync.database.reflect import reflect_schema
    from mxsync.database.sampling import sample
    from mxsync.lang.format import format_text
    from mxsync.lang.vocabulary import RESERVED

    try:
        url = database_url(address, Place("--database", Path.cwd(), []))
    except Wrong as wrong:
        raise ConfigError(f"--database: {wrong}") from wrong
    file = Path(url.partition(":///")[2].partition("?")[0])
    if url.startswith("sqlite:") and not file.is_file():
        raise ConfigError(f"--database: there is no database `{file}`")
    schema = reflect_schema(url)
    if not schema.tables:
        raise ConfigError(f"--database: `{file}` holds no tables")
    reserved = frozenset(RESERVED)
    seen = looks(sample(url, schema))
    return url, format_text(proposal(guess(schema, reserved), file.name, reserved, seen))
