SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SELECT number FROM mxsync_review WHERE mailbox = ? AND href = ? AND why = ?
GO

INSERT INTO mxsync_review (at, "rule", "plan", decision, mailbox, folder, href, "identity", why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
GO

SELECT at, mailbox, folder, href, "identity", why, "rule", "plan", decision, number FROM mxsync_review ORDER BY number
GO

DELETE FROM mxsync_review WHERE mailbox = ? AND href = ?
GO

MERGE INTO mxsync_aside WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS NVARCHAR(1024)) AS "folder", CAST(? AS NVARCHAR(128)) AS "revision", CAST(? AS NVARCHAR(max)) AS "sentence", CAST(? AS INTEGER) AS "attempts", CAST(? AS NVARCHAR(40)) AS "first", CAST(? AS NVARCHAR(40)) AS "last") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" WHEN MATCHED THEN UPDATE SET "folder" = s."folder", "revision" = s."revision", "sentence" = s."sentence", "attempts" = s."attempts", "first" = s."first", "last" = s."last" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "folder", "revision", "sentence", "attempts", "first", "last") VALUES (s."mailbox", s."href", s."folder", s."revision", s."sentence", s."attempts", s."first", s."last");
GO

DELETE FROM mxsync_aside WHERE mailbox = ? AND href = ?
GO

SELECT mailbox, folder, href, revision, sentence, attempts, first, last FROM mxsync_aside ORDER BY mailbox, href
GO

SELECT mailbox, folder, href, revision, sentence, attempts, first, last FROM mxsync_aside WHERE mailbox = ? ORDER BY mailbox, href
GO

UPDATE mxsync_leases SET name = name WHERE name = ?
GO

SELECT name, holder, epoch, deadline FROM mxsync_leases
GO

MERGE INTO mxsync_leases WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "name", CAST(? AS NVARCHAR(255)) AS "holder", CAST(? AS INTEGER) AS "epoch", CAST(? AS NVARCHAR(40)) AS "deadline") AS s ON t."name" = s."name" WHEN MATCHED THEN UPDATE SET "holder" = s."holder", "epoch" = s."epoch", "deadline" = s."deadline" WHEN NOT MATCHED THEN INSERT ("name", "holder", "epoch", "deadline") VALUES (s."name", s."holder", s."epoch", s."deadline");
GO

UPDATE mxsync_leases SET deadline = ? WHERE name = ? AND holder = ? AND epoch = ?
GO

UPDATE mxsync_leases SET holder = '' WHERE name = ? AND holder = ? AND epoch = ?
GO

DELETE FROM mxsync_working WHERE mailbox = ?
GO

INSERT INTO mxsync_working (mailbox, href, folder) VALUES (?, ?, ?)
GO

SELECT mailbox, folder, href FROM mxsync_working WHERE mailbox = ? ORDER BY href
GO

SELECT mailbox FROM mxsync_deaths ORDER BY mailbox OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY
GO

MERGE INTO mxsync_deaths WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(255)) AS "mailbox", CAST(? AS NVARCHAR(1024)) AS "href", CAST(? AS INTEGER) AS "deaths") AS s ON t."mailbox" = s."mailbox" AND t."href" = s."href" WHEN MATCHED THEN UPDATE SET "deaths" = s."deaths" WHEN NOT MATCHED THEN INSERT ("mailbox", "href", "deaths") VALUES (s."mailbox", s."href", s."deaths");
GO

DELETE FROM mxsync_deaths WHERE mailbox = ? AND href = ?
GO

SELECT count(*) FROM "mxsync_aside"
GO

SELECT count(*) FROM "mxsync_audit"
GO

SELECT count(*) FROM "mxsync_claims"
GO

SELECT count(*) FROM "mxsync_cursors"
GO

SELECT count(*) FROM "mxsync_deaths"
GO

SELECT count(*) FROM "mxsync_effects"
GO

SELECT count(*) FROM "mxsync_items"
GO

SELECT count(*) FROM "mxsync_journal"
GO

SELECT count(*) FROM "mxsync_keys"
GO

SELECT count(*) FROM "mxsync_leases"
GO

SELECT count(*) FROM "mxsync_links"
GO

SELECT count(*) FROM "mxsync_meta"
GO

SELECT count(*) FROM "mxsync_pairs"
GO

SELECT count(*) FROM "mxsync_review"
GO

SELECT count(*) FROM "mxsync_rows"
GO

SELECT count(*) FROM "mxsync_runs"
GO

SELECT count(*) FROM "mxsync_seen"
GO

SELECT count(*) FROM "mxsync_signed"
GO

SELECT count(*) FROM "mxsync_syncs"
GO

SELECT count(*) FROM "mxsync_undone"
GO

SELECT count(*) FROM "mxsync_waiting"
GO

SELECT count(*) FROM "mxsync_working"
GO

SELECT fate, count(*) FROM mxsync_items GROUP BY fate ORDER BY fate
GO

DELETE FROM mxsync_review WHERE number = ?
GO

SET CONTEXT_INFO 0x00
GO
