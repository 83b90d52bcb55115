"""The tracking tables: one definition, from which they are made, shown to a database administrator, and removed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

VERSION = 4
"""Of the tracking schema. Who changes a table raises it: `mxsync.tracking.upgrading` brings older ones along."""

metadata = MetaData()

meta = Table("mxsync_meta", metadata, Column("name", String(64), primary_key=True), Column("value", Text))

cursors = Table(
    "mxsync_cursors", metadata, Column("mailbox", String(255), primary_key=True), Column("cursor", Text, nullable=False)
)

items = Table(
    "mxsync_items",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("folder", String(1024), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("revision", String(128), nullable=False),
    Column("stamp", String(128), nullable=False),
    Column("identity", String(1024), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("plan", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided", String(40), nullable=False),
    Column("once", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Index("mxsync_items_folder", "mailbox", "folder"),
    Index("mxsync_items_identity", "identity"),
)

pairs = Table(
    "mxsync_pairs",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("entity", String(128), primary_key=True),
    Column("row_key", String(255), primary_key=True),
    Column("folder", String(1024), nullable=False),
    Column("identity", String(1024), nullable=False),
    Column("made", Integer, nullable=False),
    Column("baseline", Text, nullable=False),
    Index("mxsync_pairs_row", "entity", "row_key"),
    Index("mxsync_pairs_identity", "identity"),
)

journal = Table(
    "mxsync_journal",
    metadata,
    Column("number", Integer, primary_key=True),  # effects are performed in the order in which they were intended
    Column("key", String(128), nullable=False, unique=True),
    Column("mailbox", String(255), nullable=False),
    Column("folder", String(1024), nullable=False),
    Column("href", String(1024), nullable=False),
    Column("effect", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False),  # intended | performed | failed
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("begun", Integer, nullable=False),  # how often since the last outcome: more than once where somebody died
    Column("refused", Integer, nullable=False),  # how often in a row its server has said no
    Column("due", String(40), nullable=False),  # when what was refused is tried again
    Index("mxsync_journal_state", "state"),
)

audit = Table(
    "mxsync_audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("run", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("entity", String(128), nullable=False),
    Column("row_key", String(255), nullable=False),
    Column("action", String(16), nullable=False),
    Column("rule", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("plan", String(64), nullable=False),
    Column("mailbox", String(255), nullable=False),
    Column("folder", String(1024), nullable=False),
    Column("href", String(1024), nullable=False),
    Column("identity", String(1024), nullable=False),
    Column("detail", Text, nullable=False),  # values, causes, links
    Column("trace", Text, nullable=False),
    Column("before", Text, nullable=False),
    Index("mxsync_audit_row", "entity", "row_key"),
    Index("mxsync_audit_item", "mailbox", "href"),
    Index("mxsync_audit_run", "run"),
)

effects = Table(  # what the journal holds, as each item wanted it: the same document may be wanted for several
    "mxsync_effects",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String(128), nullable=False),
    Column("run", Integer, nullable=False),
    Column("mailbox", String(255), nullable=False),
    Column("folder", String(1024), nullable=False),
    Column("href", String(1024), nullable=False),
    Column("undone", Integer, nullable=False),  # the run that took it back, 0 for none
    Index("mxsync_effects_key", "key"),
    Index("mxsync_effects_run", "run"),
    Index("mxsync_effects_item", "mailbox", "href"),
)

undone = Table(  # rows of the audit that were taken back, and by which run
    "mxsync_undone",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
)

signed = Table(  # field to the date of the newest mail whose signature says what the field holds
    "mxsync_signed",
    metadata,
    Column("entity", String(128), primary_key=True),
    Column("row_key", String(255), primary_key=True),
    Column("moments", Text, nullable=False),
)

review = Table(
    "mxsync_review",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("mailbox", String(255), nullable=False),
    Column("folder", String(1024), nullable=False),
    Column("href", String(1024), nullable=False),
    Column("identity", String(1024), nullable=False),
    Column("why", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("plan", String(64), nullable=False),
    Column("decision", Text, nullable=False),
    Index("mxsync_review_item", "mailbox", "href"),
)

aside = Table(
    "mxsync_aside",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("folder", String(1024), nullable=False),
    Column("revision", String(128), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first", String(40), nullable=False),
    Column("last", String(40), nullable=False),
)

runs = Table(
    "mxsync_runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("started", String(40), nullable=False),
    Column("ended", String(40)),
    Column("plan", String(64), nullable=False),
    Column("counts", Text, nullable=False),
    Column("outcome", Text, nullable=False),
)

leases = Table(
    "mxsync_leases",
    metadata,
    Column("name", String(255), primary_key=True),  # a mailbox, or what `mxsync.ports.leases` names
    Column("holder", String(255), nullable=False),  # '' while nobody has it
    Column("epoch", Integer, nullable=False),  # one more with each taking: who has an older one commits nothing
    Column("deadline", String(40), nullable=False),
)

working = Table(
    "mxsync_working",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("folder", String(1024), nullable=False),
)

deaths = Table(
    "mxsync_deaths",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("deaths", Integer, nullable=False),
)

links = Table(
    "mxsync_links",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the item and the record: together they are too long a key
    Column("sync", String(128), nullable=False),
    Column("user", String(255), nullable=False),
    Column("mailbox", String(255), nullable=False),
    Column("folder", String(1024), nullable=False),
    Column("href", String(1024), nullable=False),
    Column("hub_place", String(255), nullable=False),  # a mailbox, or 'table ENTITY'
    Column("hub_folder", String(1024), nullable=False),
    Column("hub_key", String(1024), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", Integer, nullable=False),
    Column("made_hub", Integer, nullable=False),
    Column("baseline", Text, nullable=False),
    Index("mxsync_links_item", "mailbox", "href"),
    Index("mxsync_links_hub", "hub_place", "hub_key"),
    Index("mxsync_links_sync", "sync", "user"),
)

waiting = Table(
    "mxsync_waiting",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("folder", String(1024), nullable=False),
    Column("event", String(16), nullable=False),
    Column("identity", String(1024), nullable=False),
    Column("ticket", String(32), nullable=False),  # another one each time: what was enqueued again is not struck off
    Column("due", String(40), nullable=False),  # '' for at once
)

keys = Table(
    "mxsync_keys",
    metadata,
    Column("mailbox", String(255), primary_key=True),
    Column("href", String(1024), primary_key=True),
    Column("match_key", String(64), primary_key=True),
    Column("folder", String(1024), nullable=False),
    Index("mxsync_keys_key", "mailbox", "match_key"),
)

syncs = Table(
    "mxsync_syncs",
    metadata,
    Column("sync", String(128), primary_key=True),
    Column("user", String(255), primary_key=True),
    Column("digest", String(80), nullable=False),
)

rows = Table(
    "mxsync_rows",
    metadata,
    Column("entity", String(128), primary_key=True),
    Column("row_key", String(255), primary_key=True),
    Column("fields", Text, nullable=False),
    Column("done", Text, nullable=False),
)


seen = Table(
    "mxsync_seen",  # rows as they were seen last, where changes are noticed without triggers
    metadata,
    Column("table_name", String(255), primary_key=True),
    Column("row_key", String(450), primary_key=True),
    Column("stamp", String(64), nullable=False),
)

claims = Table(
    "mxsync_claims",
    metadata,
    Column("name", String(64), primary_key=True),  # a digest of what a new row is found by
    Column("taken", String(40), nullable=False),
)


def create(connection: Connection, tables: MetaData = metadata) -> None:
    """Makes the tables that are missing, as the database needs them (`tables`)."""
    tables.create_all(connection)
    _say_version(connection)


def borrow(connection: Connection, tables: MetaData) -> None:
    """Makes them for this connection alone, empty; the caller gives them back."""
    for table in tables.sorted_tables:
        text = str(CreateTable(table).compile(dialect=connection.dialect)).strip()
        connection.exec_driver_sql(text.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
    _say_version(connection)


def give_back(connection: Connection, tables: MetaData) -> None:
    """Drops what was borrowed."""
    for table in reversed(tables.sorted_tables):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")  # the temporary one hides any other


def _say_version(connection: Connection) -> None:
    connection.exec_driver_sql(
        "INSERT INTO mxsync_meta (name, value) SELECT 'version', ? WHERE NOT EXISTS "
        "(SELECT 1 FROM mxsync_meta WHERE name = 'version')",
        (str(VERSION),),
    )


def drop(connection: Connection, tables: MetaData = metadata) -> None:
    """Removes the tables and all that mxsync remembers."""
    tables.drop_all(connection)


def placed(tables: MetaData, schema: str) -> MetaData:
    """The same tables in a schema; '' for none."""
    found = MetaData()
    for table in tables.sorted_tables:
        table.to_metadata(found, schema=schema) if schema else table.to_metadata(found)
    return found


def made(table: Table, dialect: Dialect) -> list[str]:
    """The statements that make a table and its indexes."""
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    return [
        str(CreateTable(table).compile(dialect=dialect)).strip(),
        *(str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes),
    ]


def ddl(dialect: Dialect, tables: MetaData = metadata, schema: str = "") -> list[str]:
    """The statements that make the tables in a schema, for a database administrator to read and run."""
    statements = [each for table in placed(tables, schema).sorted_tables for each in made(table, dialect)]
    own = f"{schema}." if schema else ""
    statements.append(f"INSERT INTO {own}mxsync_meta (name, value) VALUES ('version', '{VERSION}')")  # noqa: S608
    return statements
