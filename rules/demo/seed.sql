-- What stands in the sample CRM before the first pass of `mxsync demo`.
INSERT INTO Users (UserID, Email, FullName) VALUES
  (1, 'anna@ours.example', 'Anna Reed'),
  (2, 'ben@ours.example', 'Ben Cole');

INSERT INTO Companies (CompanyID, Name, Domain, City, Country, Status) VALUES
  (1, 'Karoo Solar', 'karoo-solar.example', 'Beaufort West', 'South Africa', 'Customer'),
  (2, 'Delta Mining', 'delta-mining.example', 'Rustenburg', 'South Africa', 'Customer'),
  (3, 'Hale Consulting', 'hale-consulting.example', 'Cape Town', 'South Africa', 'Supplier');

-- Gus Hale does not want his mail in a CRM (requirement M2): ExcludeMail is set.
INSERT INTO Contacts (ContactID, FirstName, LastName, FullName, JobTitle, Email, CompanyID, OwnerID, ExcludeMail) VALUES
  (1, 'Thandi', 'Nkosi', 'Thandi Nkosi', 'Project Manager', 'thandi.nkosi@karoo-solar.example', 1, 1, 0),
  (2, 'Sipho', 'Dlamini', 'Sipho Dlamini', 'Engineer', 'sipho@delta-mining.example', 2, 1, 0),
  (3, 'Gus', 'Hale', 'Gus Hale', 'Consultant', 'gus@hale-consulting.example', 3, 2, 1);

-- `Link Opportunity` takes the newest one that is open: phase two.
INSERT INTO Opportunities (OpportunityID, Name, Status, ContactID, CompanyID, CreatedOn) VALUES
  (1, 'Karoo Solar, phase one', 'Won', 1, 1, '2026-03-02 08:00:00'),
  (2, 'Karoo Solar, spare parts', 'Open', 1, 1, '2026-08-17 08:00:00'),
  (3, 'Karoo Solar, phase two', 'Open', 1, 1, '2026-10-05 08:00:00'),
  (4, 'Delta Mining, shaft 3', 'Open', 2, 2, '2026-09-21 08:00:00');
