SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320756E646F2020202020
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."Email")) COLLATE Latin1_General_100_CI_AS IN (?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."Email") > 0 AND LTRIM(LEFT(t."Email", CHARINDEX('+', t."Email" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?)) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."E""mail'2")) COLLATE Latin1_General_100_CI_AS IN (?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."E""mail'2") > 0 AND LTRIM(LEFT(t."E""mail'2", CHARINDEX('+', t."E""mail'2" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?)) AND t."Gone" = ?
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 BIGINT);
WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) INSERT INTO "Contacts" ("Email") VALUES (?);
INSERT INTO @made (n, k0) VALUES (0, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) INSERT INTO "Contacts" DEFAULT VALUES;
INSERT INTO @made (n, k0) VALUES (1, COALESCE(SCOPE_IDENTITY(), @@IDENTITY));
SELECT n, k0 FROM @made ORDER BY n;
GO

SELECT t."Id", t."Name" FROM "sales"."Order Details" t WHERE LTRIM(RTRIM(t."Name")) COLLATE Latin1_General_100_CI_AS IN (?)
GO

SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @made TABLE (n INT, k0 NVARCHAR(450));
WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) INSERT INTO "sales"."Order Details" ("Name") OUTPUT 0, INSERTED."Id" INTO @made VALUES (?);
SELECT n, k0 FROM @made ORDER BY n;
GO

WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) UPDATE "Contacts" SET "Email" = ? WHERE "ContactID" = ?
GO

WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) DELETE FROM "Contacts" WHERE "ContactID" = ?
GO

WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) UPDATE "Contacts" SET "CompanyID" = ? WHERE "ContactID" = ? AND "CompanyID" IS NULL
GO

SET IDENTITY_INSERT "Contacts" ON
GO

WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) INSERT INTO "Contacts" ("ContactID", "Email") VALUES (?, ?)
GO

SET IDENTITY_INSERT "Contacts" OFF
GO

WITH CHANGE_TRACKING_CONTEXT (0x6D7873796E6320756E646F) UPDATE "Contacts" SET "CompanyID" = NULL WHERE "ContactID" = ? AND "CompanyID" = ?
GO

SELECT count(*) FROM "Contacts" WHERE "CompanyID" IN (?)
GO

SET CONTEXT_INFO 0x00
GO
