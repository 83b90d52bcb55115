SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SELECT "cursor" FROM mxsync_cursors WHERE mailbox = ?
GO

MERGE INTO mxsync_cursors WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(max)) AS "cursor") AS s ON t."mailbox" = s."mailbox" WHEN MATCHED THEN UPDATE SET "cursor" = s."cursor" WHEN NOT MATCHED THEN INSERT ("mailbox", "cursor") VALUES (s."mailbox", s."cursor");
GO

SELECT href, revision, stamp FROM mxsync_items WHERE mailbox = ? AND folder = ?
GO

SELECT "mailbox", "href", "folder", "kind", "revision", "stamp", "identity", "fate", "plan", "reason", "decided", "once", "fields" FROM mxsync_items WHERE mailbox = ? AND href IN (?)
GO

SELECT "mailbox", "href", "folder", "kind", "revision", "stamp", "identity", "fate", "plan", "reason", "decided", "once", "fields" FROM mxsync_items WHERE "identity" IN (?) AND COALESCE(mailbox, '') = ?
GO

MERGE INTO mxsync_items WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(16)) AS "kind", CAST(? AS NVARCHAR(128)) AS "revision", CAST(? AS NVARCHAR(128)) AS "stamp", CAST(? AS NVARCHAR(1024)) AS "identity", CAST(? AS NVARCHAR(16)) AS "fate", CAST(? AS NVARCHAR(64)) AS "plan", CAST(? AS NVARCHAR(max)) AS "reason", CAST(? AS NVARCHAR(40)) AS "decided", CAST(? AS NVARCHAR(max)) AS "once", CAST(? AS NVARCHAR(max)) AS "fields") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" WHEN MATCHED THEN UPDATE SET "folder" = s."folder", "kind" = s."kind", "revision" = s."revision", "stamp" = s."stamp", "identity" = s."identity", "fate" = s."fate", "plan" = s."plan", "reason" = s."reason", "decided" = s."decided", "once" = s."once", "fields" = s."fields" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "folder", "kind", "revision", "stamp", "identity", "fate", "plan", "reason", "decided", "once", "fields") VALUES (s."mailbox", s."href", s."folder", s."kind", s."revision", s."stamp", s."identity", s."fate", s."plan", s."reason", s."decided", s."once", s."fields");
GO

UPDATE mxsync_items SET stamp = ? WHERE mailbox = ? AND href = ?
GO

DELETE FROM mxsync_items WHERE mailbox = ? AND href = ?
GO

SELECT "mailbox", "href", "entity", "row_key", "folder", "identity", "made", "baseline" FROM mxsync_pairs WHERE mailbox = ? AND href IN (?)
GO

SELECT "mailbox", "href", "entity", "row_key", "folder", "identity", "made", "baseline" FROM mxsync_pairs WHERE "identity" IN (?)
GO

SELECT "mailbox", "href", "entity", "row_key", "folder", "identity", "made", "baseline" FROM mxsync_pairs WHERE entity = ? AND row_key IN (?, ?)
GO

SELECT DISTINCT "identity", folder FROM mxsync_items WHERE "identity" IN (?)
GO

MERGE INTO mxsync_claims WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name WHEN MATCHED THEN UPDATE SET taken = s.taken WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);
GO

MERGE INTO mxsync_pairs WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(128)) AS "entity", CAST(? AS NVARCHAR(255)) AS "row_key", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(1024)) AS "identity", CAST(? AS INTEGER) AS "made", CAST(? AS NVARCHAR(max)) AS "baseline") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" AND t."entity" = s."entity" AND t."row_key" = s."row_key" WHEN MATCHED THEN UPDATE SET "folder" = s."folder", "identity" = s."identity", "made" = s."made", "baseline" = s."baseline" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "entity", "row_key", "folder", "identity", "made", "baseline") VALUES (s."mailbox", s."href", s."entity", s."row_key", s."folder", s."identity", s."made", s."baseline");
GO

DELETE FROM mxsync_pairs WHERE mailbox = ? AND href = ? AND entity = ? AND row_key = ?
GO

SET CONTEXT_INFO 0x00
GO
