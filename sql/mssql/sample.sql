-- The sample CRM on SQL Server. Names are those of docs/mapping.md and rules/crm.rules.
-- Every column but the key may be null or has a default; keys are made by the database.

SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO
CREATE TABLE Users (
  UserID       INT IDENTITY PRIMARY KEY,
  Email        NVARCHAR(254),
  FullName     NVARCHAR(200)
);
CREATE INDEX UsersEmail ON Users (Email);

CREATE TABLE Companies (
  CompanyID    INT IDENTITY PRIMARY KEY,
  Name         NVARCHAR(200),
  Domain       NVARCHAR(253),
  Phone        NVARCHAR(40),
  Website      NVARCHAR(250),
  Street       NVARCHAR(200),
  City         NVARCHAR(100),
  PostalCode   NVARCHAR(20),
  Country      NVARCHAR(100),
  Status       NVARCHAR(40),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME(),
  ModifiedOn   DATETIME2(0) DEFAULT SYSUTCDATETIME()
);
CREATE INDEX CompaniesDomain ON Companies (Domain);
CREATE INDEX CompaniesName ON Companies (Name);

CREATE TABLE Contacts (
  ContactID    INT IDENTITY PRIMARY KEY,
  FirstName    NVARCHAR(100),
  LastName     NVARCHAR(100),
  FullName     NVARCHAR(200),
  JobTitle     NVARCHAR(200),
  Email        NVARCHAR(254),
  Email2       NVARCHAR(254),
  Email3       NVARCHAR(254),
  Phone        NVARCHAR(40),
  Mobile       NVARCHAR(40),
  Fax          NVARCHAR(40),
  Website      NVARCHAR(250),
  Street       NVARCHAR(200),
  City         NVARCHAR(100),
  PostalCode   NVARCHAR(20),
  Country      NVARCHAR(100),
  CompanyID    INT REFERENCES Companies (CompanyID),
  OwnerID      INT REFERENCES Users (UserID),
  ExcludeMail  BIT DEFAULT 0,
  Status       NVARCHAR(40),
  Comments     NVARCHAR(MAX),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME(),
  ModifiedOn   DATETIME2(0) DEFAULT SYSUTCDATETIME()
);
CREATE INDEX ContactsEmail ON Contacts (Email);
CREATE INDEX ContactsEmail2 ON Contacts (Email2) WHERE Email2 IS NOT NULL;
CREATE INDEX ContactsEmail3 ON Contacts (Email3) WHERE Email3 IS NOT NULL;
CREATE INDEX ContactsName ON Contacts (LastName, FirstName);
CREATE INDEX ContactsCompany ON Contacts (CompanyID);

CREATE TABLE Opportunities (
  OpportunityID INT IDENTITY PRIMARY KEY,
  Name         NVARCHAR(200),
  Status       NVARCHAR(40) DEFAULT 'Open',
  ContactID    INT REFERENCES Contacts (ContactID),
  CompanyID    INT REFERENCES Companies (CompanyID),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME()
);
CREATE INDEX OpportunitiesName ON Opportunities (Name);
CREATE INDEX OpportunitiesContact ON Opportunities (ContactID);
CREATE INDEX OpportunitiesCompany ON Opportunities (CompanyID);

CREATE TABLE Emails (
  EmailID      INT IDENTITY PRIMARY KEY,
  MessageID    NVARCHAR(450),
  Subject      NVARCHAR(998),
  Sender       NVARCHAR(254),
  Recipients   NVARCHAR(MAX),
  Direction    NVARCHAR(10),
  SentOn       DATETIME2(0),
  ReceivedOn   DATETIME2(0),
  Body         NVARCHAR(MAX),
  mxStatus     NVARCHAR(100),
  UserID       INT REFERENCES Users (UserID)
);
CREATE INDEX EmailsMessageID ON Emails (MessageID);

CREATE TABLE Appointments (
  AppointmentID INT IDENTITY PRIMARY KEY,
  Subject      NVARCHAR(998),
  StartsOn     DATETIME2(0),
  EndsOn       DATETIME2(0),
  AllDay       BIT DEFAULT 0,
  Location     NVARCHAR(500),
  Body         NVARCHAR(MAX),
  Recurrence   NVARCHAR(MAX),
  UserID       INT REFERENCES Users (UserID),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME(),
  ModifiedOn   DATETIME2(0) DEFAULT SYSUTCDATETIME()
);

CREATE TABLE Tasks (
  TaskID       INT IDENTITY PRIMARY KEY,
  Subject      NVARCHAR(998),
  StartOn      DATETIME2(0),
  DueOn        DATETIME2(0),
  CompletedOn  DATETIME2(0),
  Status       NVARCHAR(40),
  Priority     NVARCHAR(20),
  Body         NVARCHAR(MAX),
  UserID       INT REFERENCES Users (UserID),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME(),
  ModifiedOn   DATETIME2(0) DEFAULT SYSUTCDATETIME()
);

CREATE TABLE Journals (
  JournalID    INT IDENTITY PRIMARY KEY,
  Subject      NVARCHAR(998),
  StartsOn     DATETIME2(0),
  Minutes      INT,
  EntryType    NVARCHAR(100),
  Body         NVARCHAR(MAX),
  UserID       INT REFERENCES Users (UserID),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME(),
  ModifiedOn   DATETIME2(0) DEFAULT SYSUTCDATETIME()
);

CREATE TABLE Documents (
  DocumentID   INT IDENTITY PRIMARY KEY,
  FileName     NVARCHAR(255),
  ContentType  NVARCHAR(255),
  Size         INT,
  Sha256       CHAR(64),
  Path         NVARCHAR(1000),
  CreatedOn    DATETIME2(0) DEFAULT SYSUTCDATETIME()
);
CREATE INDEX DocumentsSha256 ON Documents (Sha256);

CREATE TABLE EmailContacts (
  EmailID INT NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  ContactID INT NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, ContactID)
);
CREATE INDEX EmailContactsBack ON EmailContacts (ContactID);

CREATE TABLE EmailCompanies (
  EmailID INT NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  CompanyID INT NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, CompanyID)
);
CREATE INDEX EmailCompaniesBack ON EmailCompanies (CompanyID);

CREATE TABLE EmailOpportunities (
  EmailID INT NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  OpportunityID INT NOT NULL REFERENCES Opportunities (OpportunityID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, OpportunityID)
);
CREATE INDEX EmailOpportunitiesBack ON EmailOpportunities (OpportunityID);

CREATE TABLE EmailUsers (
  EmailID INT NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  UserID INT NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, UserID)
);
CREATE INDEX EmailUsersBack ON EmailUsers (UserID);

CREATE TABLE AppointmentContacts (
  AppointmentID INT NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  ContactID INT NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, ContactID)
);
CREATE INDEX AppointmentContactsBack ON AppointmentContacts (ContactID);

CREATE TABLE AppointmentCompanies (
  AppointmentID INT NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  CompanyID INT NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, CompanyID)
);
CREATE INDEX AppointmentCompaniesBack ON AppointmentCompanies (CompanyID);

CREATE TABLE AppointmentUsers (
  AppointmentID INT NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  UserID INT NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, UserID)
);
CREATE INDEX AppointmentUsersBack ON AppointmentUsers (UserID);

CREATE TABLE TaskContacts (
  TaskID INT NOT NULL REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  ContactID INT NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (TaskID, ContactID)
);
CREATE INDEX TaskContactsBack ON TaskContacts (ContactID);

CREATE TABLE TaskCompanies (
  TaskID INT NOT NULL REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  CompanyID INT NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (TaskID, CompanyID)
);
CREATE INDEX TaskCompaniesBack ON TaskCompanies (CompanyID);

CREATE TABLE JournalContacts (
  JournalID INT NOT NULL REFERENCES Journals (JournalID) ON DELETE CASCADE,
  ContactID INT NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (JournalID, ContactID)
);
CREATE INDEX JournalContactsBack ON JournalContacts (ContactID);

CREATE TABLE JournalCompanies (
  JournalID INT NOT NULL REFERENCES Journals (JournalID) ON DELETE CASCADE,
  CompanyID INT NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (JournalID, CompanyID)
);
CREATE INDEX JournalCompaniesBack ON JournalCompanies (CompanyID);

CREATE TABLE DocumentContacts (
  DocumentID INT NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  ContactID INT NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, ContactID)
);
CREATE INDEX DocumentContactsBack ON DocumentContacts (ContactID);

CREATE TABLE DocumentCompanies (
  DocumentID INT NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  CompanyID INT NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, CompanyID)
);
CREATE INDEX DocumentCompaniesBack ON DocumentCompanies (CompanyID);

CREATE TABLE DocumentEmails (
  DocumentID INT NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  EmailID INT NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, EmailID)
);
CREATE INDEX DocumentEmailsBack ON DocumentEmails (EmailID);

CREATE TABLE DocumentUsers (
  DocumentID INT NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  UserID INT NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, UserID)
);
CREATE INDEX DocumentUsersBack ON DocumentUsers (UserID);
GO
CREATE TRIGGER CompaniesModified ON Companies AFTER UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF TRIGGER_NESTLEVEL(@@PROCID) > 1 RETURN;
  UPDATE t SET ModifiedOn = SYSUTCDATETIME() FROM Companies t JOIN inserted i ON i.CompanyID = t.CompanyID
  JOIN deleted d ON d.CompanyID = t.CompanyID WHERE i.ModifiedOn = d.ModifiedOn OR (i.ModifiedOn IS NULL AND d.ModifiedOn IS NULL);
END
GO
CREATE TRIGGER ContactsModified ON Contacts AFTER UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF TRIGGER_NESTLEVEL(@@PROCID) > 1 RETURN;
  UPDATE t SET ModifiedOn = SYSUTCDATETIME() FROM Contacts t JOIN inserted i ON i.ContactID = t.ContactID
  JOIN deleted d ON d.ContactID = t.ContactID WHERE i.ModifiedOn = d.ModifiedOn OR (i.ModifiedOn IS NULL AND d.ModifiedOn IS NULL);
END
GO
CREATE TRIGGER AppointmentsModified ON Appointments AFTER UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF TRIGGER_NESTLEVEL(@@PROCID) > 1 RETURN;
  UPDATE t SET ModifiedOn = SYSUTCDATETIME() FROM Appointments t JOIN inserted i ON i.AppointmentID = t.AppointmentID
  JOIN deleted d ON d.AppointmentID = t.AppointmentID WHERE i.ModifiedOn = d.ModifiedOn OR (i.ModifiedOn IS NULL AND d.ModifiedOn IS NULL);
END
GO
CREATE TRIGGER TasksModified ON Tasks AFTER UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF TRIGGER_NESTLEVEL(@@PROCID) > 1 RETURN;
  UPDATE t SET ModifiedOn = SYSUTCDATETIME() FROM Tasks t JOIN inserted i ON i.TaskID = t.TaskID
  JOIN deleted d ON d.TaskID = t.TaskID WHERE i.ModifiedOn = d.ModifiedOn OR (i.ModifiedOn IS NULL AND d.ModifiedOn IS NULL);
END
GO
CREATE TRIGGER JournalsModified ON Journals AFTER UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF TRIGGER_NESTLEVEL(@@PROCID) > 1 RETURN;
  UPDATE t SET ModifiedOn = SYSUTCDATETIME() FROM Journals t JOIN inserted i ON i.JournalID = t.JournalID
  JOIN deleted d ON d.JournalID = t.JournalID WHERE i.ModifiedOn = d.ModifiedOn OR (i.ModifiedOn IS NULL AND d.ModifiedOn IS NULL);
END
GO
