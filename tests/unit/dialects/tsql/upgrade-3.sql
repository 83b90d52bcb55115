ALTER TABLE mxsync_journal ADD begun INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD refused INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

ALTER TABLE mxsync_waiting ADD due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

UPDATE mxsync_meta SET value = '4' WHERE name = 'version'
GO
