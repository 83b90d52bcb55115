-- What the mapping page adds to the ERP.
CREATE TABLE Notizen (NotizNr INTEGER PRIMARY KEY, Titel VARCHAR(200), Text TEXT);
