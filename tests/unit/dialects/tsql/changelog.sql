IF OBJECT_ID(N'mxsync_changes') IS NULL
CREATE TABLE mxsync_changes (
  change_id BIGINT IDENTITY NOT NULL PRIMARY KEY,
  table_name NVARCHAR(255) NOT NULL,
  row_key NVARCHAR(450) NOT NULL,
  old_key NVARCHAR(450) NOT NULL,
  operation VARCHAR(6) NOT NULL,
  changed_at VARCHAR(40) NOT NULL,
  writer VARCHAR(16) NOT NULL,
  changed_by NVARCHAR(255) NOT NULL,
  taken INT NOT NULL DEFAULT 0
)
GO

IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'mxsync_changes_new')
CREATE INDEX mxsync_changes_new ON mxsync_changes (taken, change_id)
GO

IF OBJECT_ID(N'"mxsync_Contacts"') IS NOT NULL DROP TRIGGER "mxsync_Contacts"
GO

CREATE TRIGGER "mxsync_Contacts" ON "Contacts" AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'Contacts', COALESCE(CONVERT(NVARCHAR(450), i."ContactID"), CONVERT(NVARCHAR(450), d."ContactID")), N'',
    CASE WHEN d."ContactID" IS NULL THEN 'INSERT' WHEN i."ContactID" IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63 THEN 'mxsync' ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i."ContactID" = d."ContactID";
END
GO

IF OBJECT_ID(N'"mxsync_Parts"') IS NOT NULL DROP TRIGGER "mxsync_Parts"
GO

CREATE TRIGGER "mxsync_Parts" ON "Parts" AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'Parts', COALESCE(CONVERT(NVARCHAR(450), i."a") + NCHAR(31) + CONVERT(NVARCHAR(450), i."b"), CONVERT(NVARCHAR(450), d."a") + NCHAR(31) + CONVERT(NVARCHAR(450), d."b")), N'',
    CASE WHEN d."a" IS NULL THEN 'INSERT' WHEN i."a" IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63 THEN 'mxsync' ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i."a" = d."a" AND i."b" = d."b";
END
GO

IF OBJECT_ID(N'"sales"."mxsync_Order Details"') IS NOT NULL DROP TRIGGER "sales"."mxsync_Order Details"
GO

CREATE TRIGGER "sales"."mxsync_Order Details" ON "sales"."Order Details" AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  INSERT INTO mxsync_changes (table_name, row_key, old_key, operation, changed_at, writer, changed_by)
  SELECT N'sales.Order Details', COALESCE(CONVERT(NVARCHAR(450), i."Id"), CONVERT(NVARCHAR(450), d."Id")), N'',
    CASE WHEN d."Id" IS NULL THEN 'INSERT' WHEN i."Id" IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
    CONVERT(VARCHAR(23), SYSUTCDATETIME(), 126) + 'Z',
    CASE WHEN SUBSTRING(CONTEXT_INFO(), 1, 6) = 0x6D7873796E63 THEN 'mxsync' ELSE '' END,
    ORIGINAL_LOGIN()
  FROM inserted AS i FULL OUTER JOIN deleted AS d ON i."Id" = d."Id";
END
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON "Contacts" TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON "Parts" TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON "Ties" TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON "sales"."Order Details" TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_aside TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_audit TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_claims TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_cursors TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_deaths TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_items TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_journal TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_lease TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_meta TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_pairs TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_review TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_runs TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_working TO "mxsync"
GO

GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON mxsync_changes TO "mxsync"
GO
