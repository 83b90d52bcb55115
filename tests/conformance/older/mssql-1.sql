CREATE TABLE mxsync_aside (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  revision NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  sentence NTEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  last NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_audit (
  number INTEGER NOT NULL IDENTITY,
  run INTEGER NOT NULL,
  at NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  action NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [rule] NTEXT NOT NULL,
  [file] NTEXT NOT NULL,
  line INTEGER NOT NULL,
  [plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  detail NTEXT NOT NULL,
  trace NTEXT NOT NULL,
  before NTEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_audit_item ON mxsync_audit (mailbox, href)
GO

CREATE INDEX mxsync_audit_row ON mxsync_audit (entity, row_key)
GO

CREATE TABLE mxsync_claims (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  taken NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_cursors (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [cursor] NTEXT NOT NULL,
  PRIMARY KEY (mailbox)
)
GO

CREATE TABLE mxsync_deaths (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  deaths INTEGER NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_items (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  revision NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  stamp NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  fate NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason NTEXT NOT NULL,
  decided NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  once NTEXT NOT NULL,
  fields NTEXT NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

CREATE INDEX mxsync_items_folder ON mxsync_items (mailbox, folder)
GO

CREATE INDEX mxsync_items_identity ON mxsync_items ([identity])
GO

CREATE TABLE mxsync_journal (
  number INTEGER NOT NULL IDENTITY,
  [key] NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  effect NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  payload NTEXT NOT NULL,
  state NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  attempts INTEGER NOT NULL,
  error NTEXT NOT NULL,
  outcome NTEXT NOT NULL,
  PRIMARY KEY (number),
  UNIQUE ([key])
)
GO

CREATE INDEX mxsync_journal_state ON mxsync_journal (state)
GO

CREATE TABLE mxsync_lease (
  name NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  holder NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  renewed NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_meta (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  value NTEXT NULL,
  PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_pairs (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  made INTEGER NOT NULL,
  baseline NTEXT NOT NULL,
  PRIMARY KEY (mailbox, href, entity, row_key)
)
GO

CREATE INDEX mxsync_pairs_identity ON mxsync_pairs ([identity])
GO

CREATE INDEX mxsync_pairs_row ON mxsync_pairs (entity, row_key)
GO

CREATE TABLE mxsync_review (
  number INTEGER NOT NULL IDENTITY,
  at NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  why NTEXT NOT NULL,
  [rule] NTEXT NOT NULL,
  [plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  decision NTEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_review_item ON mxsync_review (mailbox, href)
GO

CREATE TABLE mxsync_runs (
  number INTEGER NOT NULL IDENTITY,
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  started NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  ended NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
  [plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  counts NTEXT NOT NULL,
  outcome NTEXT NOT NULL,
  PRIMARY KEY (number)
)
GO

CREATE TABLE mxsync_signed (
  entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  moments NTEXT NOT NULL,
  PRIMARY KEY (entity, row_key)
)
GO

CREATE TABLE mxsync_working (
  mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PRIMARY KEY (mailbox, href)
)
GO

INSERT INTO mxsync_meta (name, value) VALUES ('version', '1')
GO

IF OBJECT_ID(N'mxsync_changes') IS NULL
CREATE TABLE mxsync_changes (
  change_id BIGINT IDENTITY NOT NULL PRIMARY KEY,
  table_name NVARCHAR(255) NOT NULL,
  row_key NVARCHAR(450) NOT NULL,
  old_key NVARCHAR(450) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by NVARCHAR(255) NOT NULL,
  taken INT NOT NULL DEFAULT 0
)
GO

IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'mxsync_changes_new')
CREATE INDEX mxsync_changes_new ON mxsync_changes (taken, change_id)
GO

CREATE TRIGGER "mxsync_people" ON "people" AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'people', COALESCE(CONVERT(NVARCHAR(450), i."id"), CONVERT(NVARCHAR(450), d."id")), N'',
    CASE WHEN d."id" IS NULL THEN 'INSERT' WHEN i."id" IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63 THEN 'mxsync' ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i."id" = d."id";
END
GO
