-- The part of the ERP that the rules touch.
CREATE TABLE Mitarbeiter (
  PersNr INTEGER PRIMARY KEY,
  DienstMail VARCHAR(120),
  Anzeigename VARCHAR(120)
);
CREATE TABLE Kunden (
  KundenNr INTEGER PRIMARY KEY,
  Firma1 VARCHAR(80),
  InternetDomain VARCHAR(120),
  Matchcode VARCHAR(20),
  StatusKz CHAR(1) DEFAULT 'A',
  GeaendertAm TIMESTAMP
);
CREATE TABLE Ansprechpartner (
  LfdNr INTEGER PRIMARY KEY,
  Vorname VARCHAR(60),
  Nachname VARCHAR(60),
  EMail1 VARCHAR(120),
  EMail2 VARCHAR(120),
  Funktion VARCHAR(60),
  Handy VARCHAR(30),
  KundenNr INTEGER REFERENCES Kunden (KundenNr),
  Betreuer INTEGER REFERENCES Mitarbeiter (PersNr),
  KeineMail BOOLEAN DEFAULT 0,
  GeaendertAm TIMESTAMP
);
CREATE TABLE Aktivitaeten (
  AktID INTEGER PRIMARY KEY,
  Art VARCHAR(10) NOT NULL,
  Kennung VARCHAR(250),
  Betreff VARCHAR(200),
  Beginn TIMESTAMP,
  Ende TIMESTAMP,
  Text TEXT,
  Bearbeiter INTEGER REFERENCES Mitarbeiter (PersNr)
);
CREATE TABLE AktPartner (
  AktID INTEGER NOT NULL REFERENCES Aktivitaeten (AktID),
  LfdNr INTEGER NOT NULL REFERENCES Ansprechpartner (LfdNr),
  PRIMARY KEY (AktID, LfdNr)
);
CREATE TABLE AktKunden (
  AktID INTEGER NOT NULL REFERENCES Aktivitaeten (AktID),
  KundenNr INTEGER NOT NULL REFERENCES Kunden (KundenNr),
  PRIMARY KEY (AktID, KundenNr)
);
CREATE TABLE Maschinen (
  MaschNr INTEGER PRIMARY KEY,
  Bezeichnung VARCHAR(120),
  SerienNr VARCHAR(20),
  Baujahr INTEGER,
  KundenNr INTEGER REFERENCES Kunden (KundenNr)
);
CREATE TABLE AktMaschinen (
  AktID INTEGER NOT NULL REFERENCES Aktivitaeten (AktID),
  MaschNr INTEGER NOT NULL REFERENCES Maschinen (MaschNr),
  PRIMARY KEY (AktID, MaschNr)
);
CREATE TABLE Auftraege (
  AuftragNr INTEGER PRIMARY KEY,
  Status VARCHAR(20),
  Wert NUMERIC(12, 2),
  KundenNr INTEGER REFERENCES Kunden (KundenNr)
);
CREATE TABLE Aufgaben (
  AufgabeNr INTEGER PRIMARY KEY,
  Titel VARCHAR(200),
  Faellig TIMESTAMP,
  Bearbeiter INTEGER REFERENCES Mitarbeiter (PersNr)
);
