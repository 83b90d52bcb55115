CREATE TABLE mxsync_aside (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  revision VARCHAR(128) NOT NULL,
  sentence TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first VARCHAR(40) NOT NULL,
  last VARCHAR(40) NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_audit (
  number INTEGER NOT NULL,
  run INTEGER NOT NULL,
  at VARCHAR(40) NOT NULL,
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  action VARCHAR(16) NOT NULL,
  rule TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  "plan" VARCHAR(64) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  detail TEXT NOT NULL,
  trace TEXT NOT NULL,
  "before" TEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_audit_item ON mxsync_audit (mailbox, href)
GO

CREATE INDEX mxsync_audit_row ON mxsync_audit (entity, row_key)
GO

CREATE INDEX mxsync_audit_run ON mxsync_audit (run)
GO

CREATE TABLE mxsync_claims (
  name VARCHAR(64) NOT NULL,
  taken VARCHAR(40) NOT NULL,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_cursors (
  mailbox VARCHAR(255) NOT NULL,
  cursor TEXT NOT NULL,
  PRIMARY KEY (mailbox)
)
GO

CREATE TABLE mxsync_deaths (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  deaths INTEGER NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_effects (
  number INTEGER NOT NULL,
  "key" VARCHAR(128) NOT NULL,
  run INTEGER NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  undone INTEGER NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_effects_item ON mxsync_effects (mailbox, href)
GO

CREATE INDEX mxsync_effects_key ON mxsync_effects ("key")
GO

CREATE INDEX mxsync_effects_run ON mxsync_effects (run)
GO

CREATE TABLE mxsync_items (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  revision VARCHAR(128) NOT NULL,
  stamp VARCHAR(128) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  fate VARCHAR(16) NOT NULL,
  "plan" VARCHAR(64) NOT NULL,
  reason TEXT NOT NULL,
  decided VARCHAR(40) NOT NULL,
  once TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE INDEX mxsync_items_folder ON mxsync_items (mailbox, folder)
GO

CREATE INDEX mxsync_items_identity ON mxsync_items (identity)
GO

CREATE TABLE mxsync_journal (
  number INTEGER NOT NULL,
  "key" VARCHAR(128) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  effect VARCHAR(32) NOT NULL,
  payload TEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (number),
  UNIQUE ("key")
)
GO

CREATE INDEX mxsync_journal_state ON mxsync_journal (state)
GO

CREATE TABLE mxsync_keys (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  match_key VARCHAR(64) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  PRIMARY KEY (mailbox, href, match_key)
)
GO

CREATE INDEX mxsync_keys_key ON mxsync_keys (mailbox, match_key)
GO

CREATE TABLE mxsync_leases (
  name VARCHAR(255) NOT NULL,
  holder VARCHAR(255) NOT NULL,
  epoch INTEGER NOT NULL,
  deadline VARCHAR(40) NOT NULL,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_links (
  digest VARCHAR(64) NOT NULL,
  sync VARCHAR(128) NOT NULL,
  user VARCHAR(255) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  hub_place VARCHAR(255) NOT NULL,
  hub_folder VARCHAR(1024) NOT NULL,
  hub_key VARCHAR(1024) NOT NULL,
  state VARCHAR(16) NOT NULL,
  made INTEGER NOT NULL,
  made_hub INTEGER NOT NULL,
  baseline TEXT NOT NULL,
  PRIMARY KEY (digest)
)
GO

CREATE INDEX mxsync_links_hub ON mxsync_links (hub_place, hub_key)
GO

CREATE INDEX mxsync_links_item ON mxsync_links (mailbox, href)
GO

CREATE INDEX mxsync_links_sync ON mxsync_links (sync, user)
GO

CREATE TABLE mxsync_meta (
  name VARCHAR(64) NOT NULL,
  value TEXT,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_pairs (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  made INTEGER NOT NULL,
  baseline TEXT NOT NULL,
  PRIMARY KEY (mailbox, href, entity, row_key)
)
GO

CREATE INDEX mxsync_pairs_identity ON mxsync_pairs (identity)
GO

CREATE INDEX mxsync_pairs_row ON mxsync_pairs (entity, row_key)
GO

CREATE TABLE mxsync_review (
  number INTEGER NOT NULL,
  at VARCHAR(40) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  why TEXT NOT NULL,
  rule TEXT NOT NULL,
  "plan" VARCHAR(64) NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_review_item ON mxsync_review (mailbox, href)
GO

CREATE TABLE mxsync_rows (
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  fields TEXT NOT NULL,
  done TEXT NOT NULL,
  PRIMARY KEY (entity, row_key)
)
GO

CREATE TABLE mxsync_runs (
  number INTEGER NOT NULL,
  kind VARCHAR(16) NOT NULL,
  started VARCHAR(40) NOT NULL,
  ended VARCHAR(40),
  "plan" VARCHAR(64) NOT NULL,
  counts TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE TABLE mxsync_seen (
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(450) NOT NULL,
  stamp VARCHAR(64) NOT NULL,
  PRIMARY KEY (table_name, row_key)
)
GO

CREATE TABLE mxsync_signed (
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  moments TEXT NOT NULL,
  PRIMARY KEY (entity, row_key)
)
GO

CREATE TABLE mxsync_syncs (
  sync VARCHAR(128) NOT NULL,
  user VARCHAR(255) NOT NULL,
  digest VARCHAR(80) NOT NULL,
  PRIMARY KEY (sync, user)
)
GO

CREATE TABLE mxsync_undone (
  number INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE TABLE mxsync_waiting (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  event VARCHAR(16) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  ticket VARCHAR(32) NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_working (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

INSERT INTO mxsync_meta (name, value) VALUES ('version', '3')
GO

CREATE TABLE IF NOT EXISTS mxsync_changes (
  change_id INTEGER PRIMARY KEY,
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(1024) NOT NULL,
  old_key VARCHAR(1024) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by VARCHAR(255) NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
)
GO

CREATE INDEX IF NOT EXISTS mxsync_changes_new ON mxsync_changes (change_id) WHERE taken = 0
GO

CREATE TABLE IF NOT EXISTS mxsync_session (writer VARCHAR(16) NOT NULL)
GO

INSERT INTO mxsync_session (writer) SELECT '' WHERE NOT EXISTS (SELECT 1 FROM mxsync_session)
GO

CREATE TRIGGER IF NOT EXISTS "mxsync_insert_people" AFTER INSERT ON "people"
BEGIN
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT 'people', coalesce(CAST(NEW."id" AS TEXT), ''), '', 'INSERT', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), coalesce((SELECT writer FROM mxsync_session LIMIT 1), ''), '';
END
GO

CREATE TRIGGER IF NOT EXISTS "mxsync_update_people" AFTER UPDATE ON "people"
BEGIN
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT 'people', coalesce(CAST(NEW."id" AS TEXT), ''), CASE WHEN coalesce(CAST(OLD."id" AS TEXT), '') = coalesce(CAST(NEW."id" AS TEXT), '') THEN '' ELSE coalesce(CAST(OLD."id" AS TEXT), '') END, 'UPDATE', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), coalesce((SELECT writer FROM mxsync_session LIMIT 1), ''), '';
END
GO

CREATE TRIGGER IF NOT EXISTS "mxsync_delete_people" AFTER DELETE ON "people"
BEGIN
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT 'people', coalesce(CAST(OLD."id" AS TEXT), ''), '', 'DELETE', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), coalesce((SELECT writer FROM mxsync_session LIMIT 1), ''), '';
END
GO
