IF OBJECT_ID(N'mxsync_changes') IS NULL AND OBJECT_ID(N'mxsync_change_ids') IS NULL
CREATE SEQUENCE mxsync_change_ids AS BIGINT START WITH 1 INCREMENT BY 1
GO

IF OBJECT_ID(N'mxsync_changes') IS NULL
CREATE TABLE mxsync_changes (
  change_id BIGINT NOT NULL PRIMARY KEY DEFAULT (NEXT VALUE FOR mxsync_change_ids),
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

IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'mxsync_changes') AND index_id > 1)
CREATE INDEX mxsync_changes_new ON mxsync_changes (taken, change_id)
GO

IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_databases WHERE database_id = DB_ID())
BEGIN
ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 14 DAYS, AUTO_CLEANUP = ON);
IF NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = N'change tracking')
INSERT INTO mxsync_meta (name, value) VALUES (N'change tracking', N'');
END
GO

IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(N'[Contacts]'))
BEGIN
ALTER TABLE [Contacts] ENABLE CHANGE_TRACKING;
IF NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = N'change tracking Contacts')
INSERT INTO mxsync_meta (name, value) VALUES (N'change tracking Contacts', N'[Contacts]');
END
GO

IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(N'[Parts]'))
BEGIN
ALTER TABLE [Parts] ENABLE CHANGE_TRACKING;
IF NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = N'change tracking Parts')
INSERT INTO mxsync_meta (name, value) VALUES (N'change tracking Parts', N'[Parts]');
END
GO

IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(N'[sales].[Order Details]'))
BEGIN
ALTER TABLE [sales].[Order Details] ENABLE CHANGE_TRACKING;
IF NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = N'change tracking sales.Order Details')
INSERT INTO mxsync_meta (name, value) VALUES (N'change tracking sales.Order Details', N'[sales].[Order Details]');
END
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON [Contacts] TO [mxsync]
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON [Parts] TO [mxsync]
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON [sales].[Order Details] TO [mxsync]
GO

GRANT VIEW CHANGE TRACKING ON [Contacts] TO [mxsync]
GO

GRANT VIEW CHANGE TRACKING ON [Parts] TO [mxsync]
GO

GRANT VIEW CHANGE TRACKING ON [sales].[Order Details] TO [mxsync]
GO

SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name FROM sys.change_tracking_tables AS c JOIN sys.tables AS t ON t.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id
GO

SELECT name, value FROM mxsync_meta WHERE name = ? OR name LIKE ? ORDER BY name DESC
GO
