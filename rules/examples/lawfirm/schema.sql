-- Beside the tables of the sample CRM.
CREATE TABLE Matters (
  MatterID INTEGER PRIMARY KEY,
  MatterNo VARCHAR(20) UNIQUE,
  Title VARCHAR(200),
  Status VARCHAR(20),
  CompanyID INTEGER REFERENCES Companies (CompanyID),
  FeeEarnerID INTEGER REFERENCES Users (UserID)
);
CREATE TABLE TimeEntries (
  EntryID INTEGER PRIMARY KEY,
  WorkDate TIMESTAMP,
  Narrative VARCHAR(400),
  CompanyID INTEGER REFERENCES Companies (CompanyID),
  FeeEarnerID INTEGER REFERENCES Users (UserID)
);
CREATE TABLE EmailMatters (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID),
  MatterID INTEGER NOT NULL REFERENCES Matters (MatterID),
  PRIMARY KEY (EmailID, MatterID)
);
