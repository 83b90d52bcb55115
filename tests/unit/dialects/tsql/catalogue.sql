SELECT DISTINCT c.name FROM sys.columns AS c JOIN sys.index_columns AS i
  ON i.object_id = c.object_id AND i.column_id = c.column_id AND i.key_ordinal = 1
WHERE c.object_id = OBJECT_ID(?) AND c.collation_name LIKE N'%[_]CI[_]%'
GO

SELECT COUNT(*), CHECKSUM_AGG(CHECKSUM(o.name, c.name, c.column_id, c.system_type_id, c.max_length, c.is_nullable,
  c.is_identity, c.is_computed, c.default_object_id, c.collation_name))
FROM sys.objects AS o JOIN sys.columns AS c ON c.object_id = o.object_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND o.name NOT LIKE N'mxsync[_]%'
UNION ALL
SELECT COUNT(*), CHECKSUM_AGG(CHECKSUM(i.object_id, i.index_id, i.column_id, i.key_ordinal))
FROM sys.index_columns AS i JOIN sys.objects AS o ON o.object_id = i.object_id
WHERE o.is_ms_shipped = 0 AND o.name NOT LIKE N'mxsync[_]%'
GO

SELECT DISTINCT s.name FROM sys.schemas AS s JOIN sys.objects AS o ON o.schema_id = s.schema_id WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
GO

SELECT CASE WHEN s.name = SCHEMA_NAME() THEN N'' ELSE s.name + N'.' END + t.name FROM sys.triggers AS r JOIN sys.tables AS t ON t.object_id = r.parent_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE r.name LIKE N'mxsync[_]%' AND r.is_disabled = 0 AND OBJECT_ID(N'mxsync_changes') IS NOT NULL
GO

SELECT s.name, r.name FROM sys.triggers AS r JOIN sys.tables AS t ON t.object_id = r.parent_id JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE r.name LIKE N'mxsync[_]%'
GO

IF OBJECT_ID(N'mxsync_changes') IS NOT NULL DROP TABLE mxsync_changes
GO

IF OBJECT_ID(N'mxsync_change_ids') IS NOT NULL DROP SEQUENCE mxsync_change_ids
GO
