-- The sample CRM on MariaDB and MySQL. Names are those of docs/mapping.md and rules/crm.rules.
-- Every column but the key may be null or has a default; keys are made by the database.

CREATE TABLE Users (
  UserID       INTEGER AUTO_INCREMENT PRIMARY KEY,
  Email        VARCHAR(254),
  FullName     VARCHAR(200)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX UsersEmail ON Users (Email);

CREATE TABLE Companies (
  CompanyID    INTEGER AUTO_INCREMENT PRIMARY KEY,
  Name         VARCHAR(200),
  Domain       VARCHAR(253),
  Phone        VARCHAR(40),
  Website      VARCHAR(250),
  Street       VARCHAR(200),
  City         VARCHAR(100),
  PostalCode   VARCHAR(20),
  Country      VARCHAR(100),
  Status       VARCHAR(40),
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  ModifiedOn   DATETIME DEFAULT (UTC_TIMESTAMP())
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX CompaniesDomain ON Companies (Domain);
CREATE INDEX CompaniesName ON Companies (Name);

CREATE TABLE Contacts (
  ContactID    INTEGER AUTO_INCREMENT PRIMARY KEY,
  FirstName    VARCHAR(100),
  LastName     VARCHAR(100),
  FullName     VARCHAR(200),
  JobTitle     VARCHAR(200),
  Email        VARCHAR(254),
  Email2       VARCHAR(254),
  Email3       VARCHAR(254),
  Phone        VARCHAR(40),
  Mobile       VARCHAR(40),
  Fax          VARCHAR(40),
  Website      VARCHAR(250),
  Street       VARCHAR(200),
  City         VARCHAR(100),
  PostalCode   VARCHAR(20),
  Country      VARCHAR(100),
  CompanyID    INTEGER,
  OwnerID      INTEGER,
  ExcludeMail  BOOLEAN DEFAULT 0,
  Status       VARCHAR(40),
  Comments     LONGTEXT,
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  ModifiedOn   DATETIME DEFAULT (UTC_TIMESTAMP()),
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID),
  FOREIGN KEY (OwnerID) REFERENCES Users (UserID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX ContactsEmail ON Contacts (Email);
CREATE INDEX ContactsEmail2 ON Contacts (Email2);
CREATE INDEX ContactsEmail3 ON Contacts (Email3);
CREATE INDEX ContactsName ON Contacts (LastName, FirstName);
CREATE INDEX ContactsCompany ON Contacts (CompanyID);

CREATE TABLE Opportunities (
  OpportunityID INTEGER AUTO_INCREMENT PRIMARY KEY,
  Name         VARCHAR(200),
  Status       VARCHAR(40) DEFAULT 'Open',
  ContactID    INTEGER,
  CompanyID    INTEGER,
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID),
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX OpportunitiesName ON Opportunities (Name);
CREATE INDEX OpportunitiesContact ON Opportunities (ContactID);
CREATE INDEX OpportunitiesCompany ON Opportunities (CompanyID);

CREATE TABLE Emails (
  EmailID      INTEGER AUTO_INCREMENT PRIMARY KEY,
  MessageID    VARCHAR(998),
  Subject      VARCHAR(998),
  Sender       VARCHAR(254),
  Recipients   LONGTEXT,
  Direction    VARCHAR(10),
  SentOn       DATETIME,
  ReceivedOn   DATETIME,
  Body         LONGTEXT,
  mxStatus     VARCHAR(100),
  UserID       INTEGER,
  FOREIGN KEY (UserID) REFERENCES Users (UserID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX EmailsMessageID ON Emails (MessageID (255));

CREATE TABLE Appointments (
  AppointmentID INTEGER AUTO_INCREMENT PRIMARY KEY,
  Subject      VARCHAR(998),
  StartsOn     DATETIME,
  EndsOn       DATETIME,
  AllDay       BOOLEAN DEFAULT 0,
  Location     VARCHAR(500),
  Body         LONGTEXT,
  Recurrence   LONGTEXT,
  UserID       INTEGER,
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  ModifiedOn   DATETIME DEFAULT (UTC_TIMESTAMP()),
  FOREIGN KEY (UserID) REFERENCES Users (UserID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE Tasks (
  TaskID       INTEGER AUTO_INCREMENT PRIMARY KEY,
  Subject      VARCHAR(998),
  StartOn      DATETIME,
  DueOn        DATETIME,
  CompletedOn  DATETIME,
  Status       VARCHAR(40),
  Priority     VARCHAR(20),
  Body         LONGTEXT,
  UserID       INTEGER,
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  ModifiedOn   DATETIME DEFAULT (UTC_TIMESTAMP()),
  FOREIGN KEY (UserID) REFERENCES Users (UserID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE Journals (
  JournalID    INTEGER AUTO_INCREMENT PRIMARY KEY,
  Subject      VARCHAR(998),
  StartsOn     DATETIME,
  Minutes      INTEGER,
  EntryType    VARCHAR(100),
  Body         LONGTEXT,
  UserID       INTEGER,
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP()),
  ModifiedOn   DATETIME DEFAULT (UTC_TIMESTAMP()),
  FOREIGN KEY (UserID) REFERENCES Users (UserID)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE Documents (
  DocumentID   INTEGER AUTO_INCREMENT PRIMARY KEY,
  FileName     VARCHAR(255),
  ContentType  VARCHAR(255),
  Size         INTEGER,
  Sha256       CHAR(64),
  Path         VARCHAR(1000),
  CreatedOn    DATETIME DEFAULT (UTC_TIMESTAMP())
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX DocumentsSha256 ON Documents (Sha256);

CREATE TABLE EmailContacts (
  EmailID INTEGER NOT NULL,
  ContactID INTEGER NOT NULL,
  PRIMARY KEY (EmailID, ContactID),
  FOREIGN KEY (EmailID) REFERENCES Emails (EmailID) ON DELETE CASCADE,
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX EmailContactsBack ON EmailContacts (ContactID);

CREATE TABLE EmailCompanies (
  EmailID INTEGER NOT NULL,
  CompanyID INTEGER NOT NULL,
  PRIMARY KEY (EmailID, CompanyID),
  FOREIGN KEY (EmailID) REFERENCES Emails (EmailID) ON DELETE CASCADE,
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX EmailCompaniesBack ON EmailCompanies (CompanyID);

CREATE TABLE EmailOpportunities (
  EmailID INTEGER NOT NULL,
  OpportunityID INTEGER NOT NULL,
  PRIMARY KEY (EmailID, OpportunityID),
  FOREIGN KEY (EmailID) REFERENCES Emails (EmailID) ON DELETE CASCADE,
  FOREIGN KEY (OpportunityID) REFERENCES Opportunities (OpportunityID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX EmailOpportunitiesBack ON EmailOpportunities (OpportunityID);

CREATE TABLE EmailUsers (
  EmailID INTEGER NOT NULL,
  UserID INTEGER NOT NULL,
  PRIMARY KEY (EmailID, UserID),
  FOREIGN KEY (EmailID) REFERENCES Emails (EmailID) ON DELETE CASCADE,
  FOREIGN KEY (UserID) REFERENCES Users (UserID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX EmailUsersBack ON EmailUsers (UserID);

CREATE TABLE AppointmentContacts (
  AppointmentID INTEGER NOT NULL,
  ContactID INTEGER NOT NULL,
  PRIMARY KEY (AppointmentID, ContactID),
  FOREIGN KEY (AppointmentID) REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX AppointmentContactsBack ON AppointmentContacts (ContactID);

CREATE TABLE AppointmentCompanies (
  AppointmentID INTEGER NOT NULL,
  CompanyID INTEGER NOT NULL,
  PRIMARY KEY (AppointmentID, CompanyID),
  FOREIGN KEY (AppointmentID) REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX AppointmentCompaniesBack ON AppointmentCompanies (CompanyID);

CREATE TABLE AppointmentUsers (
  AppointmentID INTEGER NOT NULL,
  UserID INTEGER NOT NULL,
  PRIMARY KEY (AppointmentID, UserID),
  FOREIGN KEY (AppointmentID) REFERENCES Appointments (AppointmentID) ON DELETE CASCADE,
  FOREIGN KEY (UserID) REFERENCES Users (UserID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX AppointmentUsersBack ON AppointmentUsers (UserID);

CREATE TABLE TaskContacts (
  TaskID INTEGER NOT NULL,
  ContactID INTEGER NOT NULL,
  PRIMARY KEY (TaskID, ContactID),
  FOREIGN KEY (TaskID) REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX TaskContactsBack ON TaskContacts (ContactID);

CREATE TABLE TaskCompanies (
  TaskID INTEGER NOT NULL,
  CompanyID INTEGER NOT NULL,
  PRIMARY KEY (TaskID, CompanyID),
  FOREIGN KEY (TaskID) REFERENCES Tasks (TaskID) ON DELETE CASCADE,
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX TaskCompaniesBack ON TaskCompanies (CompanyID);

CREATE TABLE JournalContacts (
  JournalID INTEGER NOT NULL,
  ContactID INTEGER NOT NULL,
  PRIMARY KEY (JournalID, ContactID),
  FOREIGN KEY (JournalID) REFERENCES Journals (JournalID) ON DELETE CASCADE,
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX JournalContactsBack ON JournalContacts (ContactID);

CREATE TABLE JournalCompanies (
  JournalID INTEGER NOT NULL,
  CompanyID INTEGER NOT NULL,
  PRIMARY KEY (JournalID, CompanyID),
  FOREIGN KEY (JournalID) REFERENCES Journals (JournalID) ON DELETE CASCADE,
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX JournalCompaniesBack ON JournalCompanies (CompanyID);

CREATE TABLE DocumentContacts (
  DocumentID INTEGER NOT NULL,
  ContactID INTEGER NOT NULL,
  PRIMARY KEY (DocumentID, ContactID),
  FOREIGN KEY (DocumentID) REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  FOREIGN KEY (ContactID) REFERENCES Contacts (ContactID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX DocumentContactsBack ON DocumentContacts (ContactID);

CREATE TABLE DocumentCompanies (
  DocumentID INTEGER NOT NULL,
  CompanyID INTEGER NOT NULL,
  PRIMARY KEY (DocumentID, CompanyID),
  FOREIGN KEY (DocumentID) REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  FOREIGN KEY (CompanyID) REFERENCES Companies (CompanyID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX DocumentCompaniesBack ON DocumentCompanies (CompanyID);

CREATE TABLE DocumentEmails (
  DocumentID INTEGER NOT NULL,
  EmailID INTEGER NOT NULL,
  PRIMARY KEY (DocumentID, EmailID),
  FOREIGN KEY (DocumentID) REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  FOREIGN KEY (EmailID) REFERENCES Emails (EmailID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX DocumentEmailsBack ON DocumentEmails (EmailID);

CREATE TABLE DocumentUsers (
  DocumentID INTEGER NOT NULL,
  UserID INTEGER NOT NULL,
  PRIMARY KEY (DocumentID, UserID),
  FOREIGN KEY (DocumentID) REFERENCES Documents (DocumentID) ON DELETE CASCADE,
  FOREIGN KEY (UserID) REFERENCES Users (UserID) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX DocumentUsersBack ON DocumentUsers (UserID);

CREATE TRIGGER CompaniesModified BEFORE UPDATE ON Companies FOR EACH ROW
  SET NEW.ModifiedOn = IF(NEW.ModifiedOn <=> OLD.ModifiedOn, UTC_TIMESTAMP(), NEW.ModifiedOn);
CREATE TRIGGER ContactsModified BEFORE UPDATE ON Contacts FOR EACH ROW
  SET NEW.ModifiedOn = IF(NEW.ModifiedOn <=> OLD.ModifiedOn, UTC_TIMESTAMP(), NEW.ModifiedOn);
CREATE TRIGGER AppointmentsModified BEFORE UPDATE ON Appointments FOR EACH ROW
  SET NEW.ModifiedOn = IF(NEW.ModifiedOn <=> OLD.ModifiedOn, UTC_TIMESTAMP(), NEW.ModifiedOn);
CREATE TRIGGER TasksModified BEFORE UPDATE ON Tasks FOR EACH ROW
  SET NEW.ModifiedOn = IF(NEW.ModifiedOn <=> OLD.ModifiedOn, UTC_TIMESTAMP(), NEW.ModifiedOn);
CREATE TRIGGER JournalsModified BEFORE UPDATE ON Journals FOR EACH ROW
  SET NEW.ModifiedOn = IF(NEW.ModifiedOn <=> OLD.ModifiedOn, UTC_TIMESTAMP(), NEW.ModifiedOn);
