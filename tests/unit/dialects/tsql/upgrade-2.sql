CREATE INDEX mxsync_audit_run ON mxsync_audit (run)
GO

CREATE TABLE mxsync_effects (
	number INTEGER NOT NULL IDENTITY, 
	[key] NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	run INTEGER NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	undone INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_effects_item ON mxsync_effects (mailbox, href)
GO

CREATE INDEX mxsync_effects_key ON mxsync_effects ([key])
GO

CREATE INDEX mxsync_effects_run ON mxsync_effects (run)
GO

ALTER TABLE mxsync_journal ADD begun INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD refused INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

ALTER TABLE mxsync_leases DROP CONSTRAINT [PK__mxsync_leases__0A1B2C3D]
GO

ALTER TABLE mxsync_leases ALTER COLUMN name NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL
GO

ALTER TABLE mxsync_leases ADD PRIMARY KEY (name)
GO

CREATE TABLE mxsync_undone (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
GO

ALTER TABLE mxsync_waiting ADD ticket NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

ALTER TABLE mxsync_waiting ADD due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

UPDATE mxsync_meta SET value = '4' WHERE name = 'version'
GO
