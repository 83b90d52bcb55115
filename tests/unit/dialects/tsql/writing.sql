SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
MERGE INTO mxsync_claims WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name WHEN MATCHED THEN UPDATE SET taken = s.taken WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);
MERGE INTO mxsync_claims WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name WHEN MATCHED THEN UPDATE SET taken = s.taken WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."Email")) COLLATE Latin1_General_100_CI_AS IN (?, ?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."Email") > 0 AND LTRIM(LEFT(t."Email", CHARINDEX('+', t."Email" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?, ?)) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."E""mail'2")) COLLATE Latin1_General_100_CI_AS IN (?, ?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."E""mail'2") > 0 AND LTRIM(LEFT(t."E""mail'2", CHARINDEX('+', t."E""mail'2" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?, ?)) AND t."Gone" = ?
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 BIGINT);
INSERT INTO "Contacts" ("Email", "Age") VALUES (?, ?);
INSERT INTO @made (n, k0) VALUES (0, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
INSERT INTO "Contacts" ("Email", "Age") VALUES (?, ?);
INSERT INTO @made (n, k0) VALUES (1, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
INSERT INTO "Contacts" ("First Name", "CompanyID") VALUES (?, ?);
INSERT INTO @made (n, k0) VALUES (2, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
SELECT n, k0 FROM @made ORDER BY n;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 BIGINT);
INSERT INTO "Contacts" DEFAULT VALUES;
INSERT INTO @made (n, k0) VALUES (0, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
SELECT n, k0 FROM @made ORDER BY n;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
MERGE INTO mxsync_claims WITH (UPDLOCK, HOLDLOCK) AS t USING (SELECT CAST(? AS NVARCHAR(64)) AS name, CAST(? AS NVARCHAR(40)) AS taken) AS s ON t.name = s.name WHEN MATCHED THEN UPDATE SET taken = s.taken WHEN NOT MATCHED THEN INSERT (name, taken) VALUES (s.name, s.taken);
GO

SELECT t."Id", t."Name" FROM "sales"."Order Details" t WHERE LTRIM(RTRIM(t."Name")) COLLATE Latin1_General_100_CI_AS IN (?)
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 NVARCHAR(450));
INSERT INTO "sales"."Order Details" ("Name") OUTPUT 0, INSERTED."Id" INTO @made VALUES (?);
SELECT n, k0 FROM @made ORDER BY n;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 NVARCHAR(450), k1 NVARCHAR(450));
INSERT INTO "Parts" ("a", "b", "v") VALUES (?, ?, ?);
SELECT n, k0, k1 FROM @made ORDER BY n;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
UPDATE "Contacts" SET "Email" = ?, "Age" = NULL WHERE "ContactID" = ?;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
UPDATE "Parts" SET "v" = ? WHERE "a" = ? AND "b" = ?;
GO

SELECT "p", "f" FROM "Ties" WHERE "p" IN (?, ?)
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
INSERT INTO "Ties" ("p", "f") SELECT s.a, s.b FROM (SELECT ? AS a, ? AS b) AS s WHERE NOT EXISTS (SELECT 1 FROM "Ties" AS t WITH (UPDLOCK, HOLDLOCK) WHERE t."p" = s.a AND t."f" = s.b);
INSERT INTO "Ties" ("p", "f") SELECT s.a, s.b FROM (SELECT ? AS a, ? AS b) AS s WHERE NOT EXISTS (SELECT 1 FROM "Ties" AS t WITH (UPDLOCK, HOLDLOCK) WHERE t."p" = s.a AND t."f" = s.b);
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DELETE FROM "Ties" WHERE "p" = ?;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DELETE FROM "Contacts" WHERE "ContactID" = ?;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DELETE FROM "Ties" WHERE "f" = ?;
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DELETE FROM "sales"."Order Details" WHERE "Id" = ?;
GO

SELECT change_id, table_name, row_key, old_key, operation, changed_at, writer, changed_by FROM mxsync_changes WITH (READPAST, READCOMMITTEDLOCK) WHERE taken = 0 ORDER BY change_id OFFSET 0 ROWS FETCH NEXT 100 ROWS ONLY
GO

SELECT table_name, row_key, old_key, operation FROM mxsync_changes WHERE row_key IN (?, ?) OR old_key IN (?, ?) ORDER BY change_id
GO

SELECT change_id, changed_at FROM mxsync_changes WITH (READPAST, READCOMMITTEDLOCK) ORDER BY change_id DESC OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY
GO

SELECT change_id, table_name, row_key, old_key, operation, changed_at, writer, changed_by FROM mxsync_changes WITH (READPAST, READCOMMITTEDLOCK) WHERE taken = 1 AND change_id > ? ORDER BY change_id OFFSET 0 ROWS FETCH NEXT 100000 ROWS ONLY
GO

SELECT changed_at FROM mxsync_changes WHERE change_id = ?
GO

UPDATE mxsync_changes SET taken = 1 WHERE change_id IN (?)
GO

DELETE FROM mxsync_changes WHERE taken = 1 AND change_id < ?
GO

SET CONTEXT_INFO 0x00
GO
