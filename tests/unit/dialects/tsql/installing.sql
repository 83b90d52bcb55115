SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)))
GO

SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)))
GO

INSERT INTO mxsync_meta (name, value) SELECT 'version', ? WHERE NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = 'version')
GO

SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name FROM sys.triggers AS r JOIN sys.tables AS t ON t.object_id = r.parent_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE r.name LIKE N'mxsync[_]%' AND r.is_disabled = 0 AND OBJECT_ID(N'mxsync_changes') IS NOT NULL
GO

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

IF OBJECT_ID(N'[mxsync_Contacts]') IS NOT NULL DROP TRIGGER [mxsync_Contacts]
GO

CREATE TRIGGER [mxsync_Contacts] ON [Contacts] AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  SET ROWCOUNT 0;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'Contacts', COALESCE(CONVERT(NVARCHAR(450), i.[ContactID]) COLLATE DATABASE_DEFAULT, CONVERT(NVARCHAR(450), d.[ContactID]) COLLATE DATABASE_DEFAULT), N'',
    CASE WHEN d.[ContactID] IS NULL THEN 'INSERT' WHEN i.[ContactID] IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63
      THEN RTRIM(CAST(SUBSTRING(CONTEXT_INFO(), 1, 16) AS VARCHAR(16))) ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i.[ContactID] = d.[ContactID];
END
GO

IF OBJECT_ID(N'[mxsync_Parts]') IS NOT NULL DROP TRIGGER [mxsync_Parts]
GO

CREATE TRIGGER [mxsync_Parts] ON [Parts] AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  SET ROWCOUNT 0;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'Parts', COALESCE(LEFT(CONVERT(NVARCHAR(450), i.[a]) COLLATE DATABASE_DEFAULT + NCHAR(31) + CONVERT(NVARCHAR(450), i.[b]) COLLATE DATABASE_DEFAULT, 450), LEFT(CONVERT(NVARCHAR(450), d.[a]) COLLATE DATABASE_DEFAULT + NCHAR(31) + CONVERT(NVARCHAR(450), d.[b]) COLLATE DATABASE_DEFAULT, 450)), N'',
    CASE WHEN d.[a] IS NULL THEN 'INSERT' WHEN i.[a] IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63
      THEN RTRIM(CAST(SUBSTRING(CONTEXT_INFO(), 1, 16) AS VARCHAR(16))) ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i.[a] = d.[a] AND i.[b] = d.[b];
END
GO

IF OBJECT_ID(N'[sales].[mxsync_Order Details]') IS NOT NULL DROP TRIGGER [sales].[mxsync_Order Details]
GO

CREATE TRIGGER [sales].[mxsync_Order Details] ON [sales].[Order Details] AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  SET ROWCOUNT 0;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'sales.Order Details', COALESCE(CONVERT(NVARCHAR(450), i.[Id]) COLLATE DATABASE_DEFAULT, CONVERT(NVARCHAR(450), d.[Id]) COLLATE DATABASE_DEFAULT), N'',
    CASE WHEN d.[Id] IS NULL THEN 'INSERT' WHEN i.[Id] IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63
      THEN RTRIM(CAST(SUBSTRING(CONTEXT_INFO(), 1, 16) AS VARCHAR(16))) ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i.[Id] = d.[Id];
END
GO

SELECT 1
GO

SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)))
GO

SELECT value FROM mxsync_meta WHERE name = 'version'
GO

SELECT [INFORMATION_SCHEMA].[TABLES].[TABLE_NAME] 
FROM [INFORMATION_SCHEMA].[TABLES] 
WHERE [INFORMATION_SCHEMA].[TABLES].[TABLE_SCHEMA] = CAST(? AS NVARCHAR(max)) AND [INFORMATION_SCHEMA].[TABLES].[TABLE_TYPE] = CAST(? AS NVARCHAR(max)) ORDER BY [INFORMATION_SCHEMA].[TABLES].[TABLE_NAME]
GO

UPDATE mxsync_meta SET value = '4' WHERE name = 'version'
GO
