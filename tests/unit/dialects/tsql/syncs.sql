SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

MERGE INTO mxsync_links WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS "digest", CAST(? AS NVARCHAR(128)) AS "sync", CAST(? AS NVARCHAR(255)) AS "user", CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(255)) AS "hub_place", CAST(? AS NVARCHAR(1024)) AS "hub_folder", CAST(? AS NVARCHAR(1024)) AS "hub_key", CAST(? AS NVARCHAR(16)) AS "state", CAST(? AS INTEGER) AS "made", CAST(? AS INTEGER) AS "made_hub", CAST(? AS NVARCHAR(max)) AS "baseline") AS s ON t."digest" = s."digest" WHEN MATCHED THEN UPDATE SET "sync" = s."sync", "user" = s."user", "mailbox" = s."mailbox", "folder" = s."folder", "href" = s."href", "hub_place" = s."hub_place", "hub_folder" = s."hub_folder", "hub_key" = s."hub_key", "state" = s."state", "made" = s."made", "made_hub" = s."made_hub", "baseline" = s."baseline" WHEN NOT MATCHED THEN INSERT ("digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "made", "made_hub", "baseline") VALUES (s."digest", s."sync", s."user", s."mailbox", s."folder", s."href", s."hub_place", s."hub_folder", s."hub_key", s."state", s."made", s."made_hub", s."baseline");
GO

SELECT "digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "made", "made_hub", "baseline" FROM mxsync_links WHERE mailbox = ? AND href IN (?) ORDER BY digest
GO

SELECT "digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "made", "made_hub", "baseline" FROM mxsync_links WHERE hub_place = ? AND hub_key IN (?, ?) ORDER BY digest
GO

SELECT "digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "made", "made_hub", "baseline" FROM mxsync_links WHERE sync = ? AND "user" = ? ORDER BY digest
GO

SELECT count(*) FROM mxsync_links WHERE sync = ? AND "user" = ? AND state NOT IN ('unlinked', 'copy')
GO

DELETE FROM mxsync_links WHERE digest = ?
GO

MERGE INTO mxsync_waiting WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(16)) AS "event", CAST(? AS NVARCHAR(1024)) AS "identity", CAST(? AS NVARCHAR(32)) AS "ticket", CAST(? AS NVARCHAR(40)) AS "due") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" WHEN MATCHED THEN UPDATE SET "folder" = s."folder", "event" = s."event", "identity" = s."identity", "ticket" = s."ticket", "due" = s."due" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "folder", "event", "identity", "ticket", "due") VALUES (s."mailbox", s."href", s."folder", s."event", s."identity", s."ticket", s."due");
GO

MERGE INTO mxsync_waiting WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(16)) AS "event", CAST(? AS NVARCHAR(1024)) AS "identity", CAST(? AS NVARCHAR(32)) AS "ticket", CAST(? AS NVARCHAR(40)) AS "due") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "folder", "event", "identity", "ticket", "due") VALUES (s."mailbox", s."href", s."folder", s."event", s."identity", s."ticket", s."due");
GO

SELECT mailbox, folder, href FROM mxsync_journal WHERE state = 'intended' AND effect = 'item' AND attempts > 0
GO

SELECT "key", refused FROM mxsync_journal WHERE "key" IN (?) AND state = 'failed'
GO

SELECT href, folder, "identity" FROM mxsync_items WHERE mailbox = ? AND (folder = ? OR folder LIKE ?)
GO

SELECT l.mailbox, l.folder, l.href FROM mxsync_links l WHERE l.sync = ? AND l."user" = ? AND l.state IN ('paired', 'copy') AND l.mailbox NOT LIKE ? AND l.href NOT LIKE ? AND NOT EXISTS (SELECT 1 FROM mxsync_items i WHERE i.mailbox = l.mailbox AND i.href = l.href)
GO

SELECT l.hub_place, l.hub_folder, l.hub_key FROM mxsync_links l WHERE l.sync = ? AND l."user" = ? AND l.state IN ('paired', 'copy') AND l.hub_place NOT LIKE ? AND l.hub_key NOT LIKE ? AND NOT EXISTS (SELECT 1 FROM mxsync_items i WHERE i.mailbox = l.hub_place AND i.href = l.hub_key)
GO

SELECT mailbox, folder, href, event, "identity", ticket, due FROM mxsync_waiting ORDER BY event DESC, mailbox, href OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY
GO

SELECT mailbox, folder, href, event, "identity", ticket, due FROM mxsync_waiting WHERE due <= ? OR due > ? ORDER BY event DESC, mailbox, href OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY
GO

SELECT mailbox, folder, href, event, "identity", ticket, due FROM mxsync_waiting WHERE due > ? AND due <= ?
GO

DELETE FROM mxsync_waiting WHERE mailbox = ? AND href = ?
GO

DELETE FROM mxsync_waiting WHERE mailbox = ? AND href = ? AND ticket = ?
GO

DELETE FROM mxsync_keys WHERE mailbox = ? AND href = ?
GO

MERGE INTO mxsync_keys WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(64)) AS "match_key", CAST(? AS NVARCHAR(1024)) AS "folder") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" AND t."match_key" = s."match_key" WHEN MATCHED THEN UPDATE SET "folder" = s."folder" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "match_key", "folder") VALUES (s."mailbox", s."href", s."match_key", s."folder");
GO

SELECT match_key, folder, href FROM mxsync_keys WHERE mailbox = ? AND match_key IN (?) ORDER BY href
GO

SELECT sync, "user", digest FROM mxsync_syncs
GO

MERGE INTO mxsync_syncs WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(128)) AS "sync", CAST(? AS NVARCHAR(255)) AS "user", CAST(? AS NVARCHAR(80)) AS "digest") AS s ON t."sync" = s."sync" AND t."user" = s."user" WHEN MATCHED THEN UPDATE SET "digest" = s."digest" WHEN NOT MATCHED THEN INSERT ("sync", "user", "digest") VALUES (s."sync", s."user", s."digest");
GO

DELETE FROM mxsync_syncs WHERE sync = ? AND "user" = ?
GO

SELECT "key", state FROM mxsync_journal WHERE "key" IN (?)
GO

SELECT row_key, fields, done FROM mxsync_rows WHERE entity = ? AND row_key IN (?, ?)
GO

MERGE INTO mxsync_rows WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(128)) AS "entity", CAST(? AS NVARCHAR(255)) AS "row_key", CAST(? AS NVARCHAR(max)) AS "fields", CAST(? AS NVARCHAR(max)) AS "done") AS s ON t."entity" = s."entity" AND t."row_key" = s."row_key" WHEN MATCHED THEN UPDATE SET "fields" = s."fields", "done" = s."done" WHEN NOT MATCHED THEN INSERT ("entity", "row_key", "fields", "done") VALUES (s."entity", s."row_key", s."fields", s."done");
GO

DELETE FROM mxsync_rows WHERE entity = ? AND row_key = ?
GO

SELECT value FROM mxsync_meta WHERE name = ?
GO

MERGE INTO mxsync_meta WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS "name", CAST(? AS NVARCHAR(max)) AS "value") AS s ON t."name" = s."name" WHEN MATCHED THEN UPDATE SET "value" = s."value" WHEN NOT MATCHED THEN INSERT ("name", "value") VALUES (s."name", s."value");
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (1 = 1) AND t."Gone" = ? ORDER BY t."ContactID" OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY
GO

SELECT t."a", t."b", t."v" FROM "Parts" t WHERE ((t."a" > ?) OR (t."a" = ? AND t."b" > ?)) ORDER BY t."a", t."b" OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY
GO

SET CONTEXT_INFO 0x00
GO
