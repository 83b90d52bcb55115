SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT s.name, r.name FROM sys.triggers AS r JOIN sys.tables AS t ON t.object_id = r.parent_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE r.name LIKE N'mxsync[_]%'
GO

DROP TRIGGER [dbo].[mxsync_Con]]tacts]
GO

IF OBJECT_ID(N'mxsync_changes') IS NOT NULL DROP TABLE mxsync_changes
GO

IF OBJECT_ID(N'mxsync_change_ids') IS NOT NULL DROP SEQUENCE mxsync_change_ids
GO

SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)))
GO

DROP TABLE mxsync_meta
GO

SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name FROM sys.change_tracking_tables AS c JOIN sys.tables AS t ON t.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id
GO

SELECT name, value FROM mxsync_meta WHERE name = ? OR name LIKE ? ORDER BY name DESC
GO
