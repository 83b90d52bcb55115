-- Names and types of some tables of SuiteCRM (https://suitecrm.com, modules/*/vardefs.php and metadata/*), written down
-- anew for SQLite, in part from memory and not compared with a release: what a customer's database looks like. Keys are GUIDs that the program makes.
CREATE TABLE users (
  id CHAR(36) NOT NULL PRIMARY KEY, user_name VARCHAR(60), first_name VARCHAR(255), last_name VARCHAR(255),
  is_admin BOOLEAN DEFAULT 0, title VARCHAR(50), department VARCHAR(50), phone_work VARCHAR(50), status VARCHAR(100),
  date_entered DATETIME, date_modified DATETIME, deleted BOOLEAN DEFAULT 0);
CREATE TABLE accounts (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(150), date_entered DATETIME, date_modified DATETIME,
  modified_user_id CHAR(36), created_by CHAR(36), description TEXT, deleted BOOLEAN DEFAULT 0,
  assigned_user_id CHAR(36), account_type VARCHAR(50), industry VARCHAR(50), phone_fax VARCHAR(100),
  billing_address_street VARCHAR(150), billing_address_city VARCHAR(100), billing_address_postalcode VARCHAR(20),
  billing_address_country VARCHAR(255), phone_office VARCHAR(100), website VARCHAR(255), parent_id CHAR(36));
CREATE TABLE contacts (
  id CHAR(36) NOT NULL PRIMARY KEY, date_entered DATETIME, date_modified DATETIME, modified_user_id CHAR(36),
  created_by CHAR(36), description TEXT, deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36), salutation VARCHAR(255),
  first_name VARCHAR(100), last_name VARCHAR(100), title VARCHAR(100), department VARCHAR(255),
  do_not_call BOOLEAN DEFAULT 0, phone_home VARCHAR(100), phone_mobile VARCHAR(100), phone_work VARCHAR(100),
  phone_fax VARCHAR(100), primary_address_street VARCHAR(150), primary_address_city VARCHAR(100),
  primary_address_postalcode VARCHAR(20), primary_address_country VARCHAR(255), lead_source VARCHAR(255),
  birthdate DATE);
CREATE TABLE accounts_contacts (
  id VARCHAR(36) NOT NULL PRIMARY KEY, contact_id VARCHAR(36), account_id VARCHAR(36), date_modified DATETIME,
  deleted BOOLEAN DEFAULT 0);
CREATE TABLE opportunities (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50), date_entered DATETIME, date_modified DATETIME,
  description TEXT, deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36), amount DOUBLE, date_closed DATE,
  next_step VARCHAR(100), sales_stage VARCHAR(255));
CREATE TABLE opportunities_contacts (
  id VARCHAR(36) NOT NULL PRIMARY KEY, contact_id VARCHAR(36), opportunity_id VARCHAR(36), contact_role VARCHAR(50),
  date_modified DATETIME, deleted BOOLEAN DEFAULT 0);
CREATE TABLE email_addresses (
  id CHAR(36) NOT NULL PRIMARY KEY, email_address VARCHAR(255), email_address_caps VARCHAR(255),
  invalid_email BOOLEAN DEFAULT 0, opt_out BOOLEAN DEFAULT 0, date_created DATETIME, date_modified DATETIME,
  deleted BOOLEAN DEFAULT 0);
CREATE TABLE email_addr_bean_rel (
  id CHAR(36) NOT NULL PRIMARY KEY, email_address_id CHAR(36) NOT NULL, bean_id CHAR(36) NOT NULL,
  bean_module VARCHAR(100), primary_address BOOLEAN DEFAULT 0, reply_to_address BOOLEAN DEFAULT 0,
  date_created DATETIME, date_modified DATETIME, deleted BOOLEAN DEFAULT 0);
CREATE TABLE emails (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(255), date_entered DATETIME, date_modified DATETIME,
  assigned_user_id CHAR(36), deleted BOOLEAN DEFAULT 0, date_sent_received DATETIME, message_id VARCHAR(255),
  type VARCHAR(100), status VARCHAR(100), flagged BOOLEAN, intent VARCHAR(100) DEFAULT 'pick', mailbox_id CHAR(36),
  parent_type VARCHAR(100), parent_id CHAR(36));
CREATE TABLE emails_text (
  email_id VARCHAR(36) NOT NULL PRIMARY KEY, from_addr VARCHAR(255), reply_to_addr VARCHAR(255), to_addrs TEXT,
  cc_addrs TEXT, description TEXT, description_html TEXT, deleted BOOLEAN DEFAULT 0);
CREATE TABLE emails_beans (
  id CHAR(36) NOT NULL PRIMARY KEY, email_id CHAR(36), bean_id CHAR(36), bean_module VARCHAR(100), date_modified DATETIME,
  deleted BOOLEAN DEFAULT 0);
CREATE TABLE meetings (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50), date_entered DATETIME, date_modified DATETIME, description TEXT,
  deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36), location VARCHAR(50), duration_minutes INTEGER,
  date_start DATETIME, date_end DATETIME, parent_type VARCHAR(100), status VARCHAR(100) DEFAULT 'Planned',
  parent_id CHAR(36), outlook_id VARCHAR(255));
CREATE TABLE meetings_contacts (
  id VARCHAR(36) NOT NULL PRIMARY KEY, meeting_id VARCHAR(36), contact_id VARCHAR(36), required VARCHAR(1) DEFAULT '1',
  accept_status VARCHAR(25) DEFAULT 'none', date_modified DATETIME, deleted BOOLEAN DEFAULT 0);
CREATE TABLE calls (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50), date_entered DATETIME, date_modified DATETIME, description TEXT,
  deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36), duration_minutes INTEGER, date_start DATETIME,
  date_end DATETIME, status VARCHAR(100) DEFAULT 'Planned', direction VARCHAR(100), parent_id CHAR(36));
CREATE TABLE calls_contacts (
  id VARCHAR(36) NOT NULL PRIMARY KEY, call_id VARCHAR(36), contact_id VARCHAR(36), required VARCHAR(1) DEFAULT '1',
  accept_status VARCHAR(25) DEFAULT 'none', date_modified DATETIME, deleted BOOLEAN DEFAULT 0);
CREATE TABLE tasks (
  id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(50), date_entered DATETIME, date_modified DATETIME, description TEXT,
  deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36), status VARCHAR(100) DEFAULT 'Not Started',
  date_due DATETIME, date_start DATETIME, parent_type VARCHAR(255), parent_id CHAR(36), contact_id CHAR(36),
  priority VARCHAR(100));
CREATE TABLE notes (
  id CHAR(36) NOT NULL PRIMARY KEY, date_entered DATETIME, date_modified DATETIME, name VARCHAR(255),
  file_mime_type VARCHAR(100), filename VARCHAR(255), parent_type VARCHAR(255), parent_id CHAR(36),
  contact_id CHAR(36), description TEXT, deleted BOOLEAN DEFAULT 0, assigned_user_id CHAR(36));
