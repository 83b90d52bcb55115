-- The sample CRM on SQLite. Names are those of docs/mapping.md and rules/crm.rules.
-- Every column but the key may be null or has a default; keys are made by the database.

CREATE TABLE Users (
  UserID       INTEGER PRIMARY KEY AUTOINCREMENT,
  Email        VARCHAR(254) COLLATE NOCASE,
  FullName     VARCHAR(200)
);
CREATE INDEX UsersEmail ON Users (Email);

CREATE TABLE Companies (
  CompanyID    INTEGER PRIMARY KEY AUTOINCREMENT,
  Name         VARCHAR(200) COLLATE NOCASE,
  Domain       VARCHAR(253) COLLATE NOCASE,
  Phone        VARCHAR(40),
  Website      VARCHAR(250),
  Street       VARCHAR(200),
  City         VARCHAR(100),
  PostalCode   VARCHAR(20),
  Country      VARCHAR(100),
  Status       VARCHAR(40),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP,
  ModifiedOn   DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX CompaniesDomain ON Companies (Domain);
CREATE INDEX CompaniesName ON Companies (Name);

CREATE TABLE Contacts (
  ContactID    INTEGER PRIMARY KEY AUTOINCREMENT,
  FirstName    VARCHAR(100) COLLATE NOCASE,
  LastName     VARCHAR(100) COLLATE NOCASE,
  FullName     VARCHAR(200) COLLATE NOCASE,
  JobTitle     VARCHAR(200),
  Email        VARCHAR(254) COLLATE NOCASE,
  Email2       VARCHAR(254) COLLATE NOCASE,
  Email3       VARCHAR(254) COLLATE NOCASE,
  Phone        VARCHAR(40),
  Mobile       VARCHAR(40),
  Fax          VARCHAR(40),
  Website      VARCHAR(250),
  Street       VARCHAR(200),
  City         VARCHAR(100),
  PostalCode   VARCHAR(20),
  Country      VARCHAR(100),
  CompanyID    INTEGER REFERENCES Companies (CompanyID),
  OwnerID      INTEGER REFERENCES Users (UserID),
  ExcludeMail  BOOLEAN DEFAULT 0,
  Status       VARCHAR(40),
  Comments     TEXT,
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP,
  ModifiedOn   DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX ContactsEmail ON Contacts (Email);
CREATE INDEX ContactsEmail2 ON Contacts (Email2) WHERE Email2 IS NOT NULL;
CREATE INDEX ContactsEmail3 ON Contacts (Email3) WHERE Email3 IS NOT NULL;
CREATE INDEX ContactsName ON Contacts (LastName, FirstName);
CREATE INDEX ContactsCompany ON Contacts (CompanyID);

CREATE TABLE Opportunities (
  OpportunityID INTEGER PRIMARY KEY AUTOINCREMENT,
  Name         VARCHAR(200) COLLATE NOCASE,
  Status       VARCHAR(40) DEFAULT 'Open',
  ContactID    INTEGER REFERENCES Contacts (ContactID),
  CompanyID    INTEGER REFERENCES Companies (CompanyID),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX OpportunitiesName ON Opportunities (Name);
CREATE INDEX OpportunitiesContact ON Opportunities (ContactID);
CREATE INDEX OpportunitiesCompany ON Opportunities (CompanyID);

CREATE TABLE Emails (
  EmailID      INTEGER PRIMARY KEY AUTOINCREMENT,
  MessageID    VARCHAR(998) COLLATE NOCASE,
  Subject      VARCHAR(998),
  Sender       VARCHAR(254) COLLATE NOCASE,
  Recipients   TEXT,
  Direction    VARCHAR(10),
  SentOn       DATETIME,
  ReceivedOn   DATETIME,
  Body         TEXT,
  mxStatus     VARCHAR(100),
  UserID       INTEGER REFERENCES Users (UserID)
);
CREATE INDEX EmailsMessageID ON Emails (MessageID);

CREATE TABLE Appointments (
  AppointmentID INTEGER PRIMARY KEY AUTOINCREMENT,
  Subject      VARCHAR(998),
  StartsOn     DATETIME,
  EndsOn       DATETIME,
  AllDay       BOOLEAN DEFAULT 0,
  Location     VARCHAR(500),
  Body         TEXT,
  Recurrence   TEXT,
  UserID       INTEGER REFERENCES Users (UserID),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP,
  ModifiedOn   DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE Tasks (
  TaskID       INTEGER PRIMARY KEY AUTOINCREMENT,
  Subject      VARCHAR(998),
  StartOn      DATETIME,
  DueOn        DATETIME,
  CompletedOn  DATETIME,
  Status       VARCHAR(40),
  Priority     VARCHAR(20),
  Body         TEXT,
  UserID       INTEGER REFERENCES Users (UserID),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP,
  ModifiedOn   DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE Journals (
  JournalID    INTEGER PRIMARY KEY AUTOINCREMENT,
  Subject      VARCHAR(998),
  StartsOn     DATETIME,
  Minutes      INTEGER,
  EntryType    VARCHAR(100),
  Body         TEXT,
  UserID       INTEGER REFERENCES Users (UserID),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP,
  ModifiedOn   DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE Documents (
  DocumentID   INTEGER PRIMARY KEY AUTOINCREMENT,
  FileName     VARCHAR(255),
  ContentType  VARCHAR(255),
  Size         INTEGER,
  Sha256       CHAR(64) COLLATE NOCASE,
  Path         VARCHAR(1000),
  CreatedOn    DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX DocumentsSha256 ON Documents (Sha256);

CREATE TABLE EmailContacts (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, ContactID)
) WITHOUT ROWID;
CREATE INDEX EmailContactsBack ON EmailContacts (ContactID);

CREATE TABLE EmailCompanies (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  CompanyID INTEGER NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, CompanyID)
) WITHOUT ROWID;
CREATE INDEX EmailCompaniesBack ON EmailCompanies (CompanyID);

CREATE TABLE EmailOpportunities (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  OpportunityID INTEGER NOT NULL REFERENCES Opportunities (OpportunityID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, OpportunityID)
) WITHOUT ROWID;
CREATE INDEX EmailOpportunitiesBack ON EmailOpportunities (OpportunityID);

CREATE TABLE EmailUsers (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  UserID INTEGER NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (EmailID, UserID)
) WITHOUT ROWID;
CREATE INDEX EmailUsersBack ON EmailUsers (UserID);

CREATE TABLE AppointmentContacts (
  AppointmentID INTEGER NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, ContactID)
) WITHOUT ROWID;
CREATE INDEX AppointmentContactsBack ON AppointmentContacts (ContactID);

CREATE TABLE AppointmentCompanies (
  AppointmentID INTEGER NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  CompanyID INTEGER NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, CompanyID)
) WITHOUT ROWID;
CREATE INDEX AppointmentCompaniesBack ON AppointmentCompanies (CompanyID);

CREATE TABLE AppointmentUsers (
  AppointmentID INTEGER NOT NULL REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  UserID INTEGER NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (AppointmentID, UserID)
) WITHOUT ROWID;
CREATE INDEX AppointmentUsersBack ON AppointmentUsers (UserID);

CREATE TABLE TaskContacts (
  TaskID INTEGER NOT NULL REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (TaskID, ContactID)
) WITHOUT ROWID;
CREATE INDEX TaskContactsBack ON TaskContacts (ContactID);

CREATE TABLE TaskCompanies (
  TaskID INTEGER NOT NULL REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  CompanyID INTEGER NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (TaskID, CompanyID)
) WITHOUT ROWID;
CREATE INDEX TaskCompaniesBack ON TaskCompanies (CompanyID);

CREATE TABLE JournalContacts (
  JournalID INTEGER NOT NULL REFERENCES Journals (JournalID) ON DELETE CASCADE,
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (JournalID, ContactID)
) WITHOUT ROWID;
CREATE INDEX JournalContactsBack ON JournalContacts (ContactID);

CREATE TABLE JournalCompanies (
  JournalID INTEGER NOT NULL REFERENCES Journals (JournalID) ON DELETE CASCADE,
  CompanyID INTEGER NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (JournalID, CompanyID)
) WITHOUT ROWID;
CREATE INDEX JournalCompaniesBack ON JournalCompanies (CompanyID);

CREATE TABLE DocumentContacts (
  DocumentID INTEGER NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, ContactID)
) WITHOUT ROWID;
CREATE INDEX DocumentContactsBack ON DocumentContacts (ContactID);

CREATE TABLE DocumentCompanies (
  DocumentID INTEGER NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  CompanyID INTEGER NOT NULL REFERENCES Companies (CompanyID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, CompanyID)
) WITHOUT ROWID;
CREATE INDEX DocumentCompaniesBack ON DocumentCompanies (CompanyID);

CREATE TABLE DocumentEmails (
  DocumentID INTEGER NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, EmailID)
) WITHOUT ROWID;
CREATE INDEX DocumentEmailsBack ON DocumentEmails (EmailID);

CREATE TABLE DocumentUsers (
  DocumentID INTEGER NOT NULL REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  UserID INTEGER NOT NULL REFERENCES Users (UserID) ON DELETE CASCADE,
  PRIMARY KEY (DocumentID, UserID)
) WITHOUT ROWID;
CREATE INDEX DocumentUsersBack ON DocumentUsers (UserID);

CREATE TRIGGER CompaniesModified AFTER UPDATE ON Companies WHEN NEW.ModifiedOn IS OLD.ModifiedOn
BEGIN
  UPDATE Companies SET ModifiedOn = CURRENT_TIMESTAMP WHERE CompanyID = NEW.CompanyID;
END;

CREATE TRIGGER ContactsModified AFTER UPDATE ON Contacts WHEN NEW.ModifiedOn IS OLD.ModifiedOn
BEGIN
  UPDATE Contacts SET ModifiedOn = CURRENT_TIMESTAMP WHERE ContactID = NEW.ContactID;
END;

CREATE TRIGGER AppointmentsModified AFTER UPDATE ON Appointments WHEN NEW.ModifiedOn IS OLD.ModifiedOn
BEGIN
  UPDATE Appointments SET ModifiedOn = CURRENT_TIMESTAMP WHERE AppointmentID = NEW.AppointmentID;
END;

CREATE TRIGGER TasksModified AFTER UPDATE ON Tasks WHEN NEW.ModifiedOn IS OLD.ModifiedOn
BEGIN
  UPDATE Tasks SET ModifiedOn = CURRENT_TIMESTAMP WHERE TaskID = NEW.TaskID;
END;

CREATE TRIGGER JournalsModified AFTER UPDATE ON Journals WHEN NEW.ModifiedOn IS OLD.ModifiedOn
BEGIN
  UPDATE Journals SET ModifiedOn = CURRENT_TIMESTAMP WHERE JournalID = NEW.JournalID;
END;

