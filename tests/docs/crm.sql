-- What the pages add to the sample CRM.
ALTER TABLE Opportunities ADD COLUMN Amount NUMERIC(12, 2);
CREATE TABLE Projects (ProjectID INTEGER PRIMARY KEY, Number VARCHAR(20), CompanyID INTEGER REFERENCES Companies (CompanyID));
CREATE TABLE EmailProjects (
  EmailID INTEGER NOT NULL REFERENCES Emails (EmailID),
  ProjectID INTEGER NOT NULL REFERENCES Projects (ProjectID),
  PRIMARY KEY (EmailID, ProjectID)
);
