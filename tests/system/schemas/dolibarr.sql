-- Names and types of some tables of Dolibarr ERP & CRM (https://www.dolibarr.org, htdocs/install/mysql/tables), written
-- down anew for SQLite, in part from memory and not compared with a release: what a customer's database looks like.
CREATE TABLE llx_user (
  rowid INTEGER PRIMARY KEY, entity INTEGER NOT NULL DEFAULT 1, login VARCHAR(50) NOT NULL, civility VARCHAR(6),
  lastname VARCHAR(50), firstname VARCHAR(50), job VARCHAR(128), office_phone VARCHAR(20), user_mobile VARCHAR(20),
  email VARCHAR(255), admin SMALLINT DEFAULT 0, datec DATETIME, tms TIMESTAMP, statut TINYINT DEFAULT 1);
CREATE TABLE llx_societe (
  rowid INTEGER PRIMARY KEY, nom VARCHAR(128), name_alias VARCHAR(128), entity INTEGER NOT NULL DEFAULT 1,
  status TINYINT DEFAULT 1, code_client VARCHAR(24), address VARCHAR(255), zip VARCHAR(25), town VARCHAR(50),
  fk_pays INTEGER DEFAULT 0, phone VARCHAR(20), fax VARCHAR(20), url VARCHAR(255), email VARCHAR(128),
  client TINYINT DEFAULT 0, fournisseur TINYINT DEFAULT 0, note_private TEXT, datec DATETIME, tms TIMESTAMP,
  fk_user_creat INTEGER);
CREATE TABLE llx_socpeople (
  rowid INTEGER PRIMARY KEY, datec DATETIME, tms TIMESTAMP, fk_soc INTEGER REFERENCES llx_societe (rowid),
  entity INTEGER NOT NULL DEFAULT 1, civility VARCHAR(6), lastname VARCHAR(50), firstname VARCHAR(50),
  address VARCHAR(255), zip VARCHAR(25), town VARCHAR(255), fk_pays INTEGER DEFAULT 0, birthday DATE,
  poste VARCHAR(80), phone VARCHAR(30), phone_perso VARCHAR(30), phone_mobile VARCHAR(30), fax VARCHAR(30),
  email VARCHAR(255), jabberid VARCHAR(255), no_email SMALLINT NOT NULL DEFAULT 0, priv SMALLINT NOT NULL DEFAULT 0,
  fk_user_creat INTEGER REFERENCES llx_user (rowid), fk_user_modif INTEGER, note_private TEXT, note_public TEXT,
  statut TINYINT NOT NULL DEFAULT 1);
CREATE TABLE llx_projet (
  rowid INTEGER PRIMARY KEY, fk_soc INTEGER REFERENCES llx_societe (rowid), datec DATE, tms TIMESTAMP, dateo DATE,
  datee DATE, ref VARCHAR(50), entity INTEGER NOT NULL DEFAULT 1, title VARCHAR(255) NOT NULL, description TEXT,
  fk_statut INTEGER NOT NULL DEFAULT 0, opp_amount DOUBLE, budget_amount DOUBLE);
CREATE TABLE llx_actioncomm (
  id INTEGER PRIMARY KEY, ref_ext VARCHAR(255), entity INTEGER NOT NULL DEFAULT 1, datep DATETIME, datep2 DATETIME,
  fk_action INTEGER, code VARCHAR(50), datec DATETIME, tms TIMESTAMP, fk_user_author INTEGER,
  fk_project INTEGER REFERENCES llx_projet (rowid), fk_soc INTEGER REFERENCES llx_societe (rowid),
  fk_contact INTEGER REFERENCES llx_socpeople (rowid), fk_parent INTEGER NOT NULL DEFAULT 0,
  fk_user_action INTEGER REFERENCES llx_user (rowid), priority SMALLINT, visibility VARCHAR(12) DEFAULT 'default',
  fulldayevent SMALLINT NOT NULL DEFAULT 0, percent SMALLINT NOT NULL DEFAULT 0, location VARCHAR(128),
  durationp REAL, label VARCHAR(255) NOT NULL, note TEXT, calling_duration INTEGER, email_subject VARCHAR(255),
  email_msgid VARCHAR(255), email_from VARCHAR(255), email_sender VARCHAR(255), email_to VARCHAR(255),
  recurid VARCHAR(128), recurrule VARCHAR(128), extraparams VARCHAR(255));
CREATE TABLE llx_ecm_files (
  rowid INTEGER PRIMARY KEY, label VARCHAR(64) NOT NULL, entity INTEGER NOT NULL DEFAULT 1,
  filepath VARCHAR(750) NOT NULL, filename VARCHAR(255) NOT NULL, description TEXT, position INTEGER,
  gen_or_uploaded VARCHAR(12), date_c DATETIME, date_m TIMESTAMP, src_object_type VARCHAR(64), src_object_id INTEGER);
