-- The tables of the page's first entities.
CREATE TABLE Users (UserID INTEGER PRIMARY KEY, Email VARCHAR(120));
CREATE TABLE Companies (CompanyID INTEGER PRIMARY KEY, Name VARCHAR(120), Domain VARCHAR(120));
CREATE TABLE Contacts (
  ContactID INTEGER PRIMARY KEY,
  FirstName VARCHAR(60),
  LastName VARCHAR(60),
  Email VARCHAR(120),
  Email2 VARCHAR(120),
  Email3 VARCHAR(120),
  Mobile VARCHAR(30),
  PriorityID INTEGER,
  Comments TEXT,
  DateOfBirth DATE,
  Status VARCHAR(20),
  Deleted BOOLEAN DEFAULT 0,
  Source VARCHAR(20),
  CompanyID INTEGER REFERENCES Companies (CompanyID),
  OwnerID INTEGER REFERENCES Users (UserID),
  ModifiedOn TIMESTAMP
);
CREATE TABLE Emails (EmailID INTEGER PRIMARY KEY, MessageID VARCHAR(250), Subject VARCHAR(250));
CREATE TABLE EmailContacts (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID),
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID),
  PRIMARY KEY (EmailID, ContactID)
);
CREATE TABLE Machines (MachineID INTEGER PRIMARY KEY, Name VARCHAR(120), SerialNo VARCHAR(40));
