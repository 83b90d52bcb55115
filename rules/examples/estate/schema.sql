-- Beside the tables of the sample CRM.
CREATE TABLE Properties (
  PropertyID INTEGER PRIMARY KEY,
  Reference VARCHAR(20) UNIQUE,
  AddressLine VARCHAR(200),
  Status VARCHAR(20),
  Price NUMERIC(12, 2),
  AgentID INTEGER REFERENCES Users (UserID)
);
CREATE TABLE Viewings (
  ViewingID INTEGER PRIMARY KEY,
  Title VARCHAR(200),
  FromTime TIMESTAMP,
  ToTime TIMESTAMP,
  Place VARCHAR(200),
  AgentID INTEGER REFERENCES Users (UserID)
);
CREATE TABLE ViewingContacts (
  ViewingID INTEGER NOT NULL REFERENCES Viewings (ViewingID),
  ContactID INTEGER NOT NULL REFERENCES Contacts (ContactID),
  PRIMARY KEY (ViewingID, ContactID)
);
CREATE TABLE ViewingProperties (
  ViewingID INTEGER NOT NULL REFERENCES Viewings (ViewingID),
  PropertyID INTEGER NOT NULL REFERENCES Properties (PropertyID),
  PRIMARY KEY (ViewingID, PropertyID)
);
CREATE TABLE EmailProperties (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID),
  PropertyID INTEGER NOT NULL REFERENCES Properties (PropertyID),
  PRIMARY KEY (EmailID, PropertyID)
);
