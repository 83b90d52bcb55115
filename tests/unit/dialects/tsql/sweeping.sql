SET TRANSACTION ISOLATION LEVEL READ COMMITTED
GO

SET CONTEXT_INFO 0x6D7873796E6320202020202020202020
GO

SELECT row_key, stamp FROM mxsync_seen WHERE table_name = ? AND row_key IN (?)
GO

SELECT t."ContactID", t."ContactID", t."First Name", t."Email", t."E""mail'2", t."Age", t."Seen", t."CompanyID" FROM "Contacts" t WHERE 1 = 1
GO

SELECT COUNT(*) FROM "Contacts"
GO

SELECT COUNT(*) FROM mxsync_seen WHERE table_name = ? AND row_key <> ?
GO

SELECT "ContactID" FROM "Contacts"
GO

SELECT row_key FROM mxsync_seen WHERE table_name = ? AND row_key <> ?
GO

DELETE FROM mxsync_seen WHERE table_name = ? AND row_key = ?
GO

INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?)
GO

INSERT INTO mxsync_seen (table_name, row_key, stamp) VALUES (?, ?, ?)
GO

SELECT t."a", t."b", t."a", t."b", t."v" FROM "Parts" t WHERE 1 = 1
GO

SELECT COUNT(*) FROM "Parts"
GO

SELECT "a", "b" FROM "Parts"
GO

SELECT t."Id", t."Id", t."Name" FROM "sales"."Order Details" t WHERE 1 = 1
GO

SELECT COUNT(*) FROM "sales"."Order Details"
GO

SELECT "Id" FROM "sales"."Order Details"
GO

SET CONTEXT_INFO 0x00
GO
