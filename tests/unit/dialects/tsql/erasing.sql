SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SELECT "run", "at", "entity", "row_key", "action", "rule", "file", "line", "plan", "mailbox", "folder", "href", "identity", "detail", "trace", "before" FROM mxsync_audit WHERE mailbox = ? AND href IN (?) ORDER BY number
GO

SELECT "key", mailbox, folder, href, effect, payload, attempts, error, begun, refused, due FROM mxsync_journal WHERE mailbox = ? AND href IN (?) AND state <> 'undone' ORDER BY number
GO

SELECT "key", mailbox, folder, href FROM mxsync_journal WHERE "key" IN (?)
GO

SELECT mailbox, folder, href, payload, outcome FROM mxsync_journal WHERE mailbox = ? AND effect = 'edit' AND state = 'performed' ORDER BY number
GO

SELECT value FROM mxsync_meta WHERE name = ?
GO

MERGE INTO mxsync_meta WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS "name", CAST(? AS NVARCHAR(max)) AS "value") AS s ON t."name" = s."name" WHEN MATCHED THEN UPDATE SET "value" = s."value" WHEN NOT MATCHED THEN INSERT ("name", "value") VALUES (s."name", s."value");
GO

SELECT DISTINCT mailbox, folder, href FROM mxsync_pairs WHERE entity = ? AND row_key IN (?, ?) AND href <> ''
GO

SELECT DISTINCT mailbox, folder, href FROM mxsync_audit WHERE entity = ? AND row_key IN (?, ?) AND href <> ''
GO

SELECT mailbox, folder, href FROM mxsync_items WHERE LOWER(href) LIKE ? ESCAPE '!'
GO

DELETE FROM mxsync_undone WHERE number IN (SELECT number FROM mxsync_audit WHERE entity = ? AND row_key IN (?, ?))
GO

DELETE FROM mxsync_audit WHERE entity = ? AND row_key IN (?, ?)
GO

DELETE FROM mxsync_pairs WHERE entity = ? AND row_key IN (?, ?)
GO

DELETE FROM mxsync_review WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_aside WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_journal WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_effects WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_working WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_deaths WHERE mailbox = ? AND href IN (?)
GO

UPDATE mxsync_audit SET "identity" = '', trace = '' WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_items WHERE mailbox = ? AND href IN (?)
GO

UPDATE mxsync_items SET "identity" = '', reason = 'erased', "once" = '', fields = '', fate = 'skipped' WHERE mailbox = ? AND href IN (?)
GO

DELETE FROM mxsync_claims
GO

SELECT "mailbox", "href", "folder", "revision", "sentence", "first", "last" FROM "mxsync_aside" WHERE LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("revision") LIKE ? ESCAPE '!' OR LOWER("sentence") LIKE ? ESCAPE '!' OR LOWER("first") LIKE ? ESCAPE '!' OR LOWER("last") LIKE ? ESCAPE '!'
GO

SELECT "number", "at", "entity", "row_key", "action", "rule", "file", "plan", "mailbox", "folder", "href", "identity", "detail", "trace", "before" FROM "mxsync_audit" WHERE LOWER("at") LIKE ? ESCAPE '!' OR LOWER("entity") LIKE ? ESCAPE '!' OR LOWER("row_key") LIKE ? ESCAPE '!' OR LOWER("action") LIKE ? ESCAPE '!' OR LOWER("rule") LIKE ? ESCAPE '!' OR LOWER("file") LIKE ? ESCAPE '!' OR LOWER("plan") LIKE ? ESCAPE '!' OR LOWER("mailbox") LIKE ? ESCAPE '!' OR LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("href") LIKE ? ESCAPE '!' OR LOWER("identity") LIKE ? ESCAPE '!' OR LOWER("detail") LIKE ? ESCAPE '!' OR LOWER("trace") LIKE ? ESCAPE '!' OR LOWER("before") LIKE ? ESCAPE '!'
GO

SELECT "name", "taken" FROM "mxsync_claims" WHERE LOWER("taken") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "cursor" FROM "mxsync_cursors" WHERE LOWER("cursor") LIKE ? ESCAPE '!'
GO

SELECT "number", "key", "mailbox", "folder", "href" FROM "mxsync_effects" WHERE LOWER("key") LIKE ? ESCAPE '!' OR LOWER("mailbox") LIKE ? ESCAPE '!' OR LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("href") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "href", "folder", "kind", "revision", "stamp", "identity", "fate", "plan", "reason", "decided", "once", "fields" FROM "mxsync_items" WHERE LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("kind") LIKE ? ESCAPE '!' OR LOWER("revision") LIKE ? ESCAPE '!' OR LOWER("stamp") LIKE ? ESCAPE '!' OR LOWER("identity") LIKE ? ESCAPE '!' OR LOWER("fate") LIKE ? ESCAPE '!' OR LOWER("plan") LIKE ? ESCAPE '!' OR LOWER("reason") LIKE ? ESCAPE '!' OR LOWER("decided") LIKE ? ESCAPE '!' OR LOWER("once") LIKE ? ESCAPE '!' OR LOWER("fields") LIKE ? ESCAPE '!'
GO

SELECT "number", "key", "mailbox", "folder", "href", "effect", "payload", "state", "error", "outcome", "due" FROM "mxsync_journal" WHERE LOWER("key") LIKE ? ESCAPE '!' OR LOWER("mailbox") LIKE ? ESCAPE '!' OR LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("href") LIKE ? ESCAPE '!' OR LOWER("effect") LIKE ? ESCAPE '!' OR LOWER("payload") LIKE ? ESCAPE '!' OR LOWER("state") LIKE ? ESCAPE '!' OR LOWER("error") LIKE ? ESCAPE '!' OR LOWER("outcome") LIKE ? ESCAPE '!' OR LOWER("due") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "href", "match_key", "folder" FROM "mxsync_keys" WHERE LOWER("folder") LIKE ? ESCAPE '!'
GO

SELECT "name", "holder", "deadline" FROM "mxsync_leases" WHERE LOWER("holder") LIKE ? ESCAPE '!' OR LOWER("deadline") LIKE ? ESCAPE '!'
GO

SELECT "digest", "sync", "user", "mailbox", "folder", "href", "hub_place", "hub_folder", "hub_key", "state", "baseline" FROM "mxsync_links" WHERE LOWER("sync") LIKE ? ESCAPE '!' OR LOWER("user") LIKE ? ESCAPE '!' OR LOWER("mailbox") LIKE ? ESCAPE '!' OR LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("href") LIKE ? ESCAPE '!' OR LOWER("hub_place") LIKE ? ESCAPE '!' OR LOWER("hub_folder") LIKE ? ESCAPE '!' OR LOWER("hub_key") LIKE ? ESCAPE '!' OR LOWER("state") LIKE ? ESCAPE '!' OR LOWER("baseline") LIKE ? ESCAPE '!'
GO

SELECT "name", "value" FROM "mxsync_meta" WHERE LOWER("value") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "href", "entity", "row_key", "folder", "identity", "baseline" FROM "mxsync_pairs" WHERE LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("identity") LIKE ? ESCAPE '!' OR LOWER("baseline") LIKE ? ESCAPE '!'
GO

SELECT "number", "at", "mailbox", "folder", "href", "identity", "why", "rule", "plan", "decision" FROM "mxsync_review" WHERE LOWER("at") LIKE ? ESCAPE '!' OR LOWER("mailbox") LIKE ? ESCAPE '!' OR LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("href") LIKE ? ESCAPE '!' OR LOWER("identity") LIKE ? ESCAPE '!' OR LOWER("why") LIKE ? ESCAPE '!' OR LOWER("rule") LIKE ? ESCAPE '!' OR LOWER("plan") LIKE ? ESCAPE '!' OR LOWER("decision") LIKE ? ESCAPE '!'
GO

SELECT "entity", "row_key", "fields", "done" FROM "mxsync_rows" WHERE LOWER("fields") LIKE ? ESCAPE '!' OR LOWER("done") LIKE ? ESCAPE '!'
GO

SELECT "number", "kind", "started", "ended", "plan", "counts", "outcome" FROM "mxsync_runs" WHERE LOWER("kind") LIKE ? ESCAPE '!' OR LOWER("started") LIKE ? ESCAPE '!' OR LOWER("ended") LIKE ? ESCAPE '!' OR LOWER("plan") LIKE ? ESCAPE '!' OR LOWER("counts") LIKE ? ESCAPE '!' OR LOWER("outcome") LIKE ? ESCAPE '!'
GO

SELECT "table_name", "row_key", "stamp" FROM "mxsync_seen" WHERE LOWER("stamp") LIKE ? ESCAPE '!'
GO

SELECT "entity", "row_key", "moments" FROM "mxsync_signed" WHERE LOWER("moments") LIKE ? ESCAPE '!'
GO

SELECT "sync", "user", "digest" FROM "mxsync_syncs" WHERE LOWER("digest") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "href", "folder", "event", "identity", "ticket", "due" FROM "mxsync_waiting" WHERE LOWER("folder") LIKE ? ESCAPE '!' OR LOWER("event") LIKE ? ESCAPE '!' OR LOWER("identity") LIKE ? ESCAPE '!' OR LOWER("ticket") LIKE ? ESCAPE '!' OR LOWER("due") LIKE ? ESCAPE '!'
GO

SELECT "mailbox", "href", "folder" FROM "mxsync_working" WHERE LOWER("folder") LIKE ? ESCAPE '!'
GO

SELECT "ContactID", "First Name", "Email", "E""mail'2" FROM "Contacts" WHERE LOWER(CAST("First Name" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!' OR LOWER(CAST("Email" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!' OR LOWER(CAST("E""mail'2" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "Id", "Name" FROM "sales"."Order Details" WHERE LOWER(CAST("Name" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "a", "b", "v" FROM "Parts" WHERE LOWER(CAST("v" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "First Name" FROM "Contacts" WHERE LOWER(CAST("First Name" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "Email" FROM "Contacts" WHERE LOWER(CAST("Email" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "E""mail'2" FROM "Contacts" WHERE LOWER(CAST("E""mail'2" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "Id" FROM "sales"."Order Details" WHERE LOWER(CAST("Id" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "Name" FROM "sales"."Order Details" WHERE LOWER(CAST("Name" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "a" FROM "Parts" WHERE LOWER(CAST("a" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "v" FROM "Parts" WHERE LOWER(CAST("v" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT "f" FROM "Ties" WHERE LOWER(CAST("f" AS NVARCHAR(MAX))) LIKE ? ESCAPE '!'
GO

SELECT count(*) FROM "Contacts" WHERE "CompanyID" IN (?)
GO

SET CONTEXT_INFO 0x00
GO
