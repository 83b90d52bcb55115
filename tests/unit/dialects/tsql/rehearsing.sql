SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)))
GO

SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT sys.objects.name 
FROM sys.objects JOIN sys.schemas ON sys.objects.schema_id = sys.schemas.schema_id 
WHERE sys.schemas.name = CAST(? AS NVARCHAR(max)) AND sys.objects.type IN (?, ?) AND sys.objects.name IN (CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)), CAST(? AS NVARCHAR(max)))
GO

INSERT INTO mxsync_meta (name, value) SELECT 'version', ? WHERE NOT EXISTS (SELECT 1 FROM mxsync_meta WHERE name = 'version')
GO
