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
    from mxsync.model.schema import Schema

    try:
        url = database_url(address, Place("--database", Path.cwd(), []))
    except Wrong as wrong:
        raise ConfigError(f"--database: {wrong}") from wrong
    name = _name(url)
    schema = reflect_schema(url)
    if not schema.tables:
        raise ConfigError(f"--database: `{name}` holds no tables")
    # Of a server's schemas the one that names without a schema mean; others only where that is empty.
    schema = Schema(tuple(table for table in schema.tables if not table.schema) or schema.tables)
    reserved = frozenset(RESERVED)
    seen = looks(sample(url, schema))
    return url, format_text(proposal(guess(schema, reserved), name, reserved, seen))


def _name(url: str) -> str:
    """What a database is called in sentences: its file's name, or its own. Raises `ConfigError` for no such file."""
    if not url.startswith("sqlite"):
        return url.partition("://")[2].rpartition("/")[2].partition("?")[0] or "the database"
    file = Path(url.partition(":///")[2].partition("?")[0])
    if url.startswith("sqlite:") and not file.is_file():
        raise ConfigError(f"--database: there is no database `{file}`")
    return file.name
