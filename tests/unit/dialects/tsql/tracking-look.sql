SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SELECT CHANGE_TRACKING_CURRENT_VERSION(), CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(?)),
(SELECT begin_version FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID(?))
GO

SELECT stamp FROM mxsync_seen WHERE table_name = ? AND row_key = ?
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'Contacts', CONVERT(NVARCHAR(450), c.[ContactID]) COLLATE DATABASE_DEFAULT, N'',
  CASE c.SYS_CHANGE_OPERATION WHEN 'I' THEN 'INSERT' WHEN 'D' THEN 'DELETE' ELSE 'UPDATE' END,
  CAST(? AS VARCHAR(40)),
  CASE WHEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) LIKE 'mxsync%' THEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) ELSE '' END, N''
FROM CHANGETABLE(CHANGES [Contacts], ?) AS c WHERE c.SYS_CHANGE_VERSION <= ?
GO

DELETE FROM mxsync_seen WHERE table_name = ? AND row_key = ?
GO

INSERT INTO mxsync_seen (table_name, row_key, stamp) VALUES (?, ?, ?)
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'Parts', LEFT(CONVERT(NVARCHAR(450), c.[a]) COLLATE DATABASE_DEFAULT + NCHAR(31) + CONVERT(NVARCHAR(450), c.[b]) COLLATE DATABASE_DEFAULT, 450), N'',
  CASE c.SYS_CHANGE_OPERATION WHEN 'I' THEN 'INSERT' WHEN 'D' THEN 'DELETE' ELSE 'UPDATE' END,
  CAST(? AS VARCHAR(40)),
  CASE WHEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) LIKE 'mxsync%' THEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) ELSE '' END, N''
FROM CHANGETABLE(CHANGES [Parts], ?) AS c WHERE c.SYS_CHANGE_VERSION <= ?
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'sales.Order Details', CONVERT(NVARCHAR(450), c.[Id]) COLLATE DATABASE_DEFAULT, N'',
  CASE c.SYS_CHANGE_OPERATION WHEN 'I' THEN 'INSERT' WHEN 'D' THEN 'DELETE' ELSE 'UPDATE' END,
  CAST(? AS VARCHAR(40)),
  CASE WHEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) LIKE 'mxsync%' THEN CAST(SUBSTRING(c.SYS_CHANGE_CONTEXT, 1, 16) AS VARCHAR(16)) ELSE '' END, N''
FROM CHANGETABLE(CHANGES [sales].[Order Details], ?) AS c WHERE c.SYS_CHANGE_VERSION <= ?
GO

SET CONTEXT_INFO 0x00
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'Contacts', CONVERT(NVARCHAR(450), t.[ContactID]) COLLATE DATABASE_DEFAULT, N'', 'UPDATE', CAST(? AS VARCHAR(40)), '', N''
FROM [Contacts] AS t
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'Parts', LEFT(CONVERT(NVARCHAR(450), t.[a]) COLLATE DATABASE_DEFAULT + NCHAR(31) + CONVERT(NVARCHAR(450), t.[b]) COLLATE DATABASE_DEFAULT, 450), N'', 'UPDATE', CAST(? AS VARCHAR(40)), '', N''
FROM [Parts] AS t
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
SELECT N'sales.Order Details', CONVERT(NVARCHAR(450), t.[Id]) COLLATE DATABASE_DEFAULT, N'', 'UPDATE', CAST(? AS VARCHAR(40)), '', N''
FROM [sales].[Order Details] AS t
GO
