CREATE TABLE mxsync_aside (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  revision VARCHAR(128) NOT NULL,
  sentence TEXT(4294967295) NOT NULL,
  attempts INTEGER NOT NULL,
  first VARCHAR(40) NOT NULL,
  last VARCHAR(40) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href"), 256))) STORED,
  CONSTRAINT mxsync_aside_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_aside_own ON mxsync_aside (mailbox(180), href(180))
GO

CREATE TABLE mxsync_audit (
  number INTEGER NOT NULL AUTO_INCREMENT,
  run INTEGER NOT NULL,
  at VARCHAR(40) NOT NULL,
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  action VARCHAR(16) NOT NULL,
  rule TEXT(4294967295) NOT NULL,
  file TEXT(4294967295) NOT NULL,
  line INTEGER NOT NULL,
  plan VARCHAR(64) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  detail TEXT(4294967295) NOT NULL,
  trace TEXT(4294967295) NOT NULL,
  "before" TEXT(4294967295) NOT NULL,
  PRIMARY KEY (number)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_audit_item ON mxsync_audit (mailbox(180), href(180))
GO

CREATE INDEX mxsync_audit_row ON mxsync_audit (entity, row_key)
GO

CREATE INDEX mxsync_audit_run ON mxsync_audit (run)
GO

CREATE TABLE mxsync_claims (
  name VARCHAR(64) NOT NULL,
  taken VARCHAR(40) NOT NULL,
  PRIMARY KEY (name)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_cursors (
  mailbox VARCHAR(255) NOT NULL,
  "cursor" TEXT(4294967295) NOT NULL,
  PRIMARY KEY (mailbox)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_deaths (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  deaths INTEGER NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href"), 256))) STORED,
  CONSTRAINT mxsync_deaths_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_deaths_own ON mxsync_deaths (mailbox(180), href(180))
GO

CREATE TABLE mxsync_effects (
  number INTEGER NOT NULL AUTO_INCREMENT,
  "key" VARCHAR(128) NOT NULL,
  run INTEGER NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  undone INTEGER NOT NULL,
  PRIMARY KEY (number)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_effects_item ON mxsync_effects (mailbox(180), href(180))
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
  plan VARCHAR(64) NOT NULL,
  reason TEXT(4294967295) NOT NULL,
  decided VARCHAR(40) NOT NULL,
  once TEXT(4294967295) NOT NULL,
  fields TEXT(4294967295) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href"), 256))) STORED,
  CONSTRAINT mxsync_items_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_items_folder ON mxsync_items (mailbox(180), folder(180))
GO

CREATE INDEX mxsync_items_identity ON mxsync_items (identity(180))
GO

CREATE INDEX mxsync_items_own ON mxsync_items (mailbox(180), href(180))
GO

CREATE TABLE mxsync_journal (
  number INTEGER NOT NULL AUTO_INCREMENT,
  "key" VARCHAR(128) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  effect VARCHAR(32) NOT NULL,
  payload TEXT(4294967295) NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT(4294967295) NOT NULL,
  outcome TEXT(4294967295) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE ("key")
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_journal_state ON mxsync_journal (state)
GO

CREATE TABLE mxsync_keys (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  match_key VARCHAR(64) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href", CHAR_LENGTH("match_key"), "match_key"), 256))) STORED,
  CONSTRAINT mxsync_keys_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_keys_key ON mxsync_keys (mailbox, match_key)
GO

CREATE INDEX mxsync_keys_own ON mxsync_keys (mailbox(180), href(180))
GO

CREATE TABLE mxsync_leases (
  name VARCHAR(255) NOT NULL,
  holder VARCHAR(255) NOT NULL,
  epoch INTEGER NOT NULL,
  deadline VARCHAR(40) NOT NULL,
  PRIMARY KEY (name)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
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
  baseline TEXT(4294967295) NOT NULL,
  PRIMARY KEY (digest)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_links_hub ON mxsync_links (hub_place(180), hub_key(180))
GO

CREATE INDEX mxsync_links_item ON mxsync_links (mailbox(180), href(180))
GO

CREATE INDEX mxsync_links_sync ON mxsync_links (sync, user)
GO

CREATE TABLE mxsync_meta (
  name VARCHAR(64) NOT NULL,
  value TEXT(4294967295),
  PRIMARY KEY (name)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_pairs (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  made INTEGER NOT NULL,
  baseline TEXT(4294967295) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href", CHAR_LENGTH("entity"), "entity", CHAR_LENGTH("row_key"), "row_key"), 256))) STORED,
  CONSTRAINT mxsync_pairs_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_pairs_identity ON mxsync_pairs (identity(180))
GO

CREATE INDEX mxsync_pairs_own ON mxsync_pairs (mailbox(180), href(180))
GO

CREATE INDEX mxsync_pairs_row ON mxsync_pairs (entity, row_key)
GO

CREATE TABLE mxsync_review (
  number INTEGER NOT NULL AUTO_INCREMENT,
  at VARCHAR(40) NOT NULL,
  mailbox VARCHAR(255) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  why TEXT(4294967295) NOT NULL,
  rule TEXT(4294967295) NOT NULL,
  plan VARCHAR(64) NOT NULL,
  decision TEXT(4294967295) NOT NULL,
  PRIMARY KEY (number)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_review_item ON mxsync_review (mailbox(180), href(180))
GO

CREATE TABLE mxsync_rows (
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  fields TEXT(4294967295) NOT NULL,
  done TEXT(4294967295) NOT NULL,
  PRIMARY KEY (entity, row_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_runs (
  number INTEGER NOT NULL AUTO_INCREMENT,
  kind VARCHAR(16) NOT NULL,
  started VARCHAR(40) NOT NULL,
  ended VARCHAR(40),
  plan VARCHAR(64) NOT NULL,
  counts TEXT(4294967295) NOT NULL,
  outcome TEXT(4294967295) NOT NULL,
  PRIMARY KEY (number)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_seen (
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(450) NOT NULL,
  stamp VARCHAR(64) NOT NULL,
  PRIMARY KEY (table_name, row_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_signed (
  entity VARCHAR(128) NOT NULL,
  row_key VARCHAR(255) NOT NULL,
  moments TEXT(4294967295) NOT NULL,
  PRIMARY KEY (entity, row_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_syncs (
  sync VARCHAR(128) NOT NULL,
  user VARCHAR(255) NOT NULL,
  digest VARCHAR(80) NOT NULL,
  PRIMARY KEY (sync, user)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_undone (
  number INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (number)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE TABLE mxsync_waiting (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  event VARCHAR(16) NOT NULL,
  identity VARCHAR(1024) NOT NULL,
  ticket VARCHAR(32) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href"), 256))) STORED,
  CONSTRAINT mxsync_waiting_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_waiting_own ON mxsync_waiting (mailbox(180), href(180))
GO

CREATE TABLE mxsync_working (
  mailbox VARCHAR(255) NOT NULL,
  href VARCHAR(1024) NOT NULL,
  folder VARCHAR(1024) NOT NULL,
  mxsync_key BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(CONCAT_WS('|', CHAR_LENGTH("mailbox"), "mailbox", CHAR_LENGTH("href"), "href"), 256))) STORED,
  CONSTRAINT mxsync_working_unique UNIQUE (mxsync_key)
)CHARSET=utf8mb4 ENGINE=InnoDB COLLATE utf8mb4_bin
GO

CREATE INDEX mxsync_working_own ON mxsync_working (mailbox(180), href(180))
GO

INSERT INTO mxsync_meta (name, value) VALUES ('version', '3')
GO

CREATE TABLE IF NOT EXISTS mxsync_changes (
  change_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  table_name VARCHAR(255) NOT NULL,
  row_key VARCHAR(512) NOT NULL,
  old_key VARCHAR(512) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by VARCHAR(255) NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  KEY mxsync_changes_new (taken, change_id)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin
GO

DROP PROCEDURE IF EXISTS mxsync_watched
GO

CREATE PROCEDURE mxsync_watched() SQL SECURITY DEFINER READS SQL DATA
  SELECT CONCAT(CASE WHEN event_object_schema = trigger_schema AND trigger_schema = DATABASE() THEN ''
    ELSE CONCAT(event_object_schema, '.') END, event_object_table)
  FROM information_schema.triggers WHERE trigger_name LIKE 'mxsync!_%' ESCAPE '!'
    AND LOCATE(CONCAT('INSERT INTO "', REPLACE(DATABASE(), '"', '""'), '".mxsync_changes '), action_statement) > 0
  GROUP BY event_object_schema, event_object_table, trigger_schema HAVING COUNT(*) = 3
GO

DROP TRIGGER IF EXISTS "mxsync_insert_people"
GO

CREATE TRIGGER "mxsync_insert_people" AFTER INSERT ON "people" FOR EACH ROW
  INSERT INTO "DATABASE".mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  VALUES ('people', CONCAT_WS(CHAR(31), NEW."id"), '', 'INSERT',
    DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ'), COALESCE(@mxsync_writer, ''), USER())
GO

DROP TRIGGER IF EXISTS "mxsync_update_people"
GO

CREATE TRIGGER "mxsync_update_people" AFTER UPDATE ON "people" FOR EACH ROW
  INSERT INTO "DATABASE".mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  VALUES ('people', CONCAT_WS(CHAR(31), NEW."id"), CASE WHEN BINARY CONCAT_WS(CHAR(31), OLD."id") = BINARY CONCAT_WS(CHAR(31), NEW."id") THEN '' ELSE CONCAT_WS(CHAR(31), OLD."id") END, 'UPDATE',
    DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ'), COALESCE(@mxsync_writer, ''), USER())
GO

DROP TRIGGER IF EXISTS "mxsync_delete_people"
GO

CREATE TRIGGER "mxsync_delete_people" AFTER DELETE ON "people" FOR EACH ROW
  INSERT INTO "DATABASE".mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  VALUES ('people', CONCAT_WS(CHAR(31), OLD."id"), '', 'DELETE',
    DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ'), COALESCE(@mxsync_writer, ''), USER())
GO
