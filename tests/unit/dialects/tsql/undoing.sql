SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320756E646F2020202020
GO

SELECT a."run", a."at", a."entity", a."row_key", a."action", a."rule", a."file", a."line", a."plan", a."mailbox", a."folder", a."href", a."identity", a."detail", a."trace", a."before", a.number FROM mxsync_audit a WHERE a.run = ? AND NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number) ORDER BY a.number
GO

SELECT e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key" WHERE e.undone = 0 AND e.run = ? ORDER BY e.number
GO

SELECT DISTINCT u.run FROM mxsync_undone u JOIN mxsync_audit a ON a.number = u.number WHERE a.run = ?
GO

SELECT DISTINCT e.undone FROM mxsync_effects e WHERE e.undone <> 0 AND e.run = ?
GO

SELECT a."run", a."at", a."entity", a."row_key", a."action", a."rule", a."file", a."line", a."plan", a."mailbox", a."folder", a."href", a."identity", a."detail", a."trace", a."before", a.number FROM mxsync_audit a WHERE (a."rule" = ? OR a.detail LIKE ?) AND NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number) ORDER BY a.number
GO

SELECT e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key" WHERE e.undone = 0 AND j.payload LIKE ? ORDER BY e.number
GO

SELECT DISTINCT u.run FROM mxsync_undone u JOIN mxsync_audit a ON a.number = u.number WHERE (a."rule" = ? OR a.detail LIKE ?)
GO

SELECT a."run", a."at", a."entity", a."row_key", a."action", a."rule", a."file", a."line", a."plan", a."mailbox", a."folder", a."href", a."identity", a."detail", a."trace", a."before", a.number FROM mxsync_audit a WHERE ((a.mailbox = ? AND a.href = ?)) AND a."rule" NOT LIKE 'undo of %' AND a.run IN (5) AND NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number) ORDER BY a.number
GO

SELECT e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key" WHERE e.undone = 0 AND ((e.mailbox = ? AND e.href = ?)) AND e.run IN (5) ORDER BY e.number
GO

SELECT DISTINCT u.run FROM mxsync_undone u JOIN mxsync_audit a ON a.number = u.number WHERE ((a.mailbox = ? AND a.href = ?)) AND a."rule" NOT LIKE 'undo of %' AND a.run IN (5)
GO

SELECT DISTINCT e.undone FROM mxsync_effects e WHERE e.undone <> 0 AND ((e.mailbox = ? AND e.href = ?)) AND e.run IN (5)
GO

SELECT a."run", a."at", a."entity", a."row_key", a."action", a."rule", a."file", a."line", a."plan", a."mailbox", a."folder", a."href", a."identity", a."detail", a."trace", a."before", a.number FROM mxsync_audit a WHERE a.entity = ? AND a.row_key IN (?, ?) AND NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number) ORDER BY a.number
GO

SELECT e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key" WHERE e.undone = 0 AND e."key" IN (?) ORDER BY e.number
GO

SELECT e.number, e."key", e.run, e.mailbox, e.folder, e.href, j.effect, j.payload, j.state, j.outcome, e.undone FROM mxsync_effects e JOIN mxsync_journal j ON j."key" = e."key" WHERE e.undone = 0 AND e.mailbox = ? AND e.href IN (?) ORDER BY e.number
GO

SELECT number, kind, started, ended, "plan", counts, outcome FROM mxsync_runs WHERE number = ?
GO

MERGE INTO mxsync_undone WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS INTEGER) AS "number", CAST(? AS INTEGER) AS "run") AS s ON t."number" = s."number" WHEN MATCHED THEN UPDATE SET "run" = s."run" WHEN NOT MATCHED THEN INSERT ("number", "run") VALUES (s."number", s."run");
GO

UPDATE mxsync_effects SET "key" = ?, undone = ? WHERE number = ?
GO

UPDATE mxsync_journal SET "key" = ?, state = 'undone' WHERE "key" = ?
GO

UPDATE mxsync_effects SET mailbox = ?, folder = ?, href = ? WHERE "key" = ?
GO

SELECT "mailbox", "href", "folder", "kind", "revision", "stamp", "identity", "fate", "plan", "reason", "decided", "once", "fields" FROM mxsync_items WHERE mailbox = ? AND href > ? ORDER BY href OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY
GO

SELECT row_key FROM (SELECT row_key FROM mxsync_pairs WHERE entity = ? AND row_key > ? UNION SELECT hub_key FROM mxsync_links WHERE hub_place = ? AND hub_key > ?) known ORDER BY row_key OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY
GO

SELECT a."run", a."at", a."entity", a."row_key", a."action", a."rule", a."file", a."line", a."plan", a."mailbox", a."folder", a."href", a."identity", a."detail", a."trace", a."before", a.number FROM mxsync_audit a WHERE a.number > ? AND NOT EXISTS (SELECT 1 FROM mxsync_undone u WHERE u.number = a.number) ORDER BY a.number OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY
GO

SELECT "key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due, number FROM mxsync_journal WHERE effect = 'document' AND state = 'performed' AND number > ? ORDER BY number OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY
GO

SELECT "digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "made", "made_hub", "baseline" FROM mxsync_links WHERE mailbox = ? AND href > ? ORDER BY href OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
INSERT INTO "sales"."Order Details" ("Id") VALUES (?);
GO

SET IDENTITY_INSERT "Contacts" ON
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
INSERT INTO "Contacts" ("ContactID", "Email") VALUES (?, ?);
GO

SET IDENTITY_INSERT "Contacts" OFF
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DELETE FROM "Ties" WHERE "p" = ? AND "f" = ?;
GO

SELECT t."ContactID", t."CompanyID" FROM "Contacts" t WHERE t."CompanyID" IN (?) AND t."Gone" = ?
GO

SET CONTEXT_INFO 0x00
GO
