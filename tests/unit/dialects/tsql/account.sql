SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

INSERT INTO mxsync_audit ("run", "at", "entity", "row_key", "action", "rule", "file", "line", "plan", "mailbox", "folder", "href", "identity", "detail", "trace", "before") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
GO

SELECT "run", "at", "entity", "row_key", "action", "rule", "file", "line", "plan", "mailbox", "folder", "href", "identity", "detail", "trace", "before" FROM mxsync_audit WHERE entity = ? AND row_key = ? ORDER BY number
GO

SELECT href FROM mxsync_review WHERE mailbox = '' AND folder = ?
GO

SELECT row_key, action, detail FROM mxsync_audit WHERE entity = ? AND row_key IN (?, ?) AND action NOT IN (?, ?, ?, ?, ?) ORDER BY number
GO

SELECT row_key, moments FROM mxsync_signed WHERE entity = ? AND row_key IN (?, ?)
GO

SELECT row_key, moments FROM mxsync_signed WHERE entity = ? AND row_key IN (?)
GO

MERGE INTO mxsync_signed WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(128)) AS "entity", CAST(? AS NVARCHAR(255)) AS "row_key", CAST(? AS NVARCHAR(max)) AS "moments") AS s ON t."entity" = s."entity" AND t."row_key" = s."row_key" WHEN MATCHED THEN UPDATE SET "moments" = s."moments" WHEN NOT MATCHED THEN INSERT ("entity", "row_key", "moments") VALUES (s."entity", s."row_key", s."moments");
GO

SELECT "run", "at", "entity", "row_key", "action", "rule", "file", "line", "plan", "mailbox", "folder", "href", "identity", "detail", "trace", "before" FROM mxsync_audit WHERE mailbox = ? AND href = ? ORDER BY number
GO

INSERT INTO mxsync_effects ("key", "run", "mailbox", "folder", "href", "undone") VALUES (?, ?, ?, ?, ?, ?)
GO

MERGE INTO mxsync_journal WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(128)) AS "key", CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(32)) AS "effect", CAST(? AS NVARCHAR(max)) AS "payload", CAST(? AS NVARCHAR(16)) AS "state", CAST(? AS INTEGER) AS "attempts", CAST(? AS NVARCHAR(max)) AS "error", CAST(? AS NVARCHAR(max)) AS "outcome", CAST(? AS INTEGER) AS "begun", CAST(? AS INTEGER) AS "refused", CAST(? AS NVARCHAR(40)) AS "due") AS s ON t."key" = s."key" WHEN NOT MATCHED THEN INSERT ("key", "mailbox", "folder", "href", "effect", "payload", "state", "attempts", "error", "outcome", "begun", "refused", "due") VALUES (s."key", s."mailbox", s."folder", s."href", s."effect", s."payload", s."state", s."attempts", s."error", s."outcome", s."begun", s."refused", s."due");
GO

SELECT "key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due FROM mxsync_journal WHERE state = 'intended' ORDER BY number
GO

SELECT "key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due FROM mxsync_journal WHERE state = 'intended' AND mailbox = ? ORDER BY number
GO

SELECT "key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due FROM mxsync_journal WHERE state = 'failed' ORDER BY number DESC
GO

UPDATE mxsync_journal SET begun = begun + 1 WHERE "key" = ?
GO

UPDATE mxsync_journal SET state = 'performed', error = '', begun = 0, outcome = ? WHERE "key" = ?
GO

UPDATE mxsync_journal SET state = 'failed', attempts = attempts + 1, begun = 0, refused = refused + 1, due = ?, error = ? WHERE "key" = ?
GO

UPDATE mxsync_journal SET attempts = attempts + 1, begun = 0, refused = refused + 1, due = ?, error = ? WHERE "key" = ?
GO

UPDATE mxsync_journal SET state = ?, attempts = attempts + 1, begun = 0, error = ? WHERE "key" = ?
GO

SELECT value FROM mxsync_meta WHERE name = 'pruned'
GO

MERGE INTO mxsync_meta WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS "name", CAST(? AS NVARCHAR(max)) AS "value") AS s ON t."name" = s."name" WHEN MATCHED THEN UPDATE SET "value" = s."value" WHEN NOT MATCHED THEN INSERT ("name", "value") VALUES (s."name", s."value");
GO

UPDATE mxsync_audit SET trace = '', "before" = '' WHERE at < ? AND (trace <> '' OR "before" <> '')
GO

DELETE FROM mxsync_runs WHERE ended < ?
GO

DELETE FROM mxsync_claims WHERE taken < ?
GO

INSERT INTO mxsync_runs (kind, started, [plan], counts, outcome) OUTPUT inserted.number VALUES (?, ?, ?, ?, ?)
GO

UPDATE mxsync_runs SET ended = ?, counts = ?, outcome = ? WHERE number = ?
GO

SELECT number, kind, started, ended, "plan", counts, outcome FROM mxsync_runs ORDER BY number DESC OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY
GO

SELECT number FROM mxsync_runs WHERE number = ?
GO

SET CONTEXT_INFO 0x00
GO
