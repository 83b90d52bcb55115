SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."Email")) COLLATE Latin1_General_100_CI_AS IN (?, ?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."Email") > 0 AND LTRIM(LEFT(t."Email", CHARINDEX('+', t."Email" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?, ?)) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."E""mail'2")) COLLATE Latin1_General_100_CI_AS IN (?, ?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (CHARINDEX('+', t."E""mail'2") > 0 AND LTRIM(LEFT(t."E""mail'2", CHARINDEX('+', t."E""mail'2" + '+') - 1)) COLLATE Latin1_General_100_CI_AS IN ('', ?, ?)) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE LTRIM(RTRIM(t."First Name")) COLLATE Latin1_General_100_CI_AS IN (?, ?, ?) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (t."Age" IN (?, ?)) AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE 1 = 1 AND t."Gone" = ?
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE (t."CompanyID" IN (?)) AND t."Gone" = ?
GO

SELECT t."Id", t."Name" FROM "sales"."Order Details" t WHERE LTRIM(RTRIM(t."Name")) COLLATE Latin1_General_100_CI_AS IN (?)
GO

SELECT t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE t."ContactID" IN (?, ?) AND t."Gone" = ?
GO

SELECT t."a", t."b", t."v" FROM "Parts" t WHERE t."a" = ? AND t."b" = ?
GO

SELECT l."p", t."Id", t."Name" FROM "sales"."Order Details" t JOIN "Ties" l ON l."f" = t."Id" WHERE l."p" IN (?)
GO

SELECT o."ContactID", t."Id", t."Name" FROM "sales"."Order Details" t JOIN "Contacts" o ON o."CompanyID" = t."Id" WHERE o."ContactID" IN (?)
GO

SELECT l."f", t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t JOIN "Ties" l ON l."p" = t."ContactID" WHERE l."f" IN (?) AND t."Gone" = ?
GO

SELECT t."CompanyID", t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE t."CompanyID" IN (?) AND t."Gone" = ?
GO

SELECT t.* FROM "Contacts" t WHERE t."ContactID" IN (?, ?)
GO

SELECT t."p", t.* FROM "Ties" t WHERE t."p" IN (?, ?)
GO

SELECT t.* FROM "Parts" t WHERE (t."a" = ? AND t."b" = ?)
GO
