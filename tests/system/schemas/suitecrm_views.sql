-- Made by hand for mxsync: SuiteCRM keeps addresses, the text of mail and its links apart, in tables that many kinds of
-- records share. A view with triggers shows each as one table, and writes to where it belongs.
CREATE VIEW mx_users AS
  SELECT u.id, u.first_name, u.last_name, e.email_address AS email
  FROM users u
  LEFT JOIN email_addr_bean_rel r ON r.bean_id = u.id AND r.bean_module = 'Users' AND r.primary_address = 1 AND r.deleted = 0
  LEFT JOIN email_addresses e ON e.id = r.email_address_id
  WHERE u.deleted = 0;
CREATE VIEW mx_contacts AS
  SELECT c.id, c.date_modified, c.description, c.assigned_user_id, c.salutation, c.first_name, c.last_name, c.title,
    c.phone_home, c.phone_mobile, c.phone_work, c.phone_fax, c.primary_address_street, c.primary_address_city,
    c.primary_address_postalcode, c.birthdate, e.email_address AS email, f.email_address AS email2, e.opt_out
  FROM contacts c
  LEFT JOIN email_addr_bean_rel r ON r.bean_id = c.id AND r.bean_module = 'Contacts' AND r.primary_address = 1 AND r.deleted = 0
  LEFT JOIN email_addresses e ON e.id = r.email_address_id
  LEFT JOIN email_addr_bean_rel s ON s.id = (SELECT min(o.id) FROM email_addr_bean_rel o
    WHERE o.bean_id = c.id AND o.bean_module = 'Contacts' AND o.primary_address = 0 AND o.deleted = 0)
  LEFT JOIN email_addresses f ON f.id = s.email_address_id
  WHERE c.deleted = 0;
CREATE TRIGGER mx_contacts_insert INSTEAD OF INSERT ON mx_contacts BEGIN
  INSERT INTO contacts (id, date_entered, date_modified, description, assigned_user_id, salutation, first_name,
    last_name, title, phone_home, phone_mobile, phone_work, phone_fax, primary_address_street, primary_address_city,
    primary_address_postalcode, birthdate)
  VALUES (NEW.id, datetime('now'), datetime('now'), NEW.description, NEW.assigned_user_id, NEW.salutation,
    NEW.first_name, NEW.last_name, NEW.title, NEW.phone_home, NEW.phone_mobile, NEW.phone_work, NEW.phone_fax,
    NEW.primary_address_street, NEW.primary_address_city, NEW.primary_address_postalcode, NEW.birthdate);
  INSERT INTO email_addresses (id, email_address, email_address_caps, date_created)
    SELECT lower(hex(randomblob(16))), NEW.email, upper(NEW.email), datetime('now')
    WHERE NEW.email IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM email_addresses WHERE email_address_caps = upper(NEW.email));
  INSERT INTO email_addr_bean_rel (id, email_address_id, bean_id, bean_module, primary_address, date_created)
    SELECT lower(hex(randomblob(16))), id, NEW.id, 'Contacts', 1, datetime('now')
    FROM email_addresses WHERE email_address_caps = upper(NEW.email);
END;
CREATE TRIGGER mx_contacts_update INSTEAD OF UPDATE ON mx_contacts BEGIN
  UPDATE contacts SET date_modified = datetime('now'), description = NEW.description, salutation = NEW.salutation,
    first_name = NEW.first_name, last_name = NEW.last_name, title = NEW.title, phone_home = NEW.phone_home,
    phone_mobile = NEW.phone_mobile, phone_work = NEW.phone_work, phone_fax = NEW.phone_fax,
    primary_address_street = NEW.primary_address_street, primary_address_city = NEW.primary_address_city,
    primary_address_postalcode = NEW.primary_address_postalcode, birthdate = NEW.birthdate
  WHERE id = OLD.id;
END;
CREATE TRIGGER mx_contacts_delete INSTEAD OF DELETE ON mx_contacts BEGIN
  DELETE FROM email_addr_bean_rel WHERE bean_id = OLD.id AND bean_module = 'Contacts';
  DELETE FROM email_addresses WHERE email_address IN (OLD.email, OLD.email2)
    AND id NOT IN (SELECT email_address_id FROM email_addr_bean_rel);
  DELETE FROM contacts WHERE id = OLD.id;
END;
CREATE VIEW mx_emails AS
  SELECT m.id, m.name, m.message_id, m.date_sent_received, m.status, m.type, m.assigned_user_id, t.from_addr, t.to_addrs,
    t.description
  FROM emails m LEFT JOIN emails_text t ON t.email_id = m.id
  WHERE m.deleted = 0;
CREATE TRIGGER mx_emails_insert INSTEAD OF INSERT ON mx_emails BEGIN
  INSERT INTO emails (id, name, message_id, date_sent_received, status, type, assigned_user_id, date_entered)
  VALUES (NEW.id, NEW.name, NEW.message_id, NEW.date_sent_received, NEW.status, NEW.type, NEW.assigned_user_id,
    datetime('now'));
  INSERT INTO emails_text (email_id, from_addr, to_addrs, description)
  VALUES (NEW.id, NEW.from_addr, NEW.to_addrs, NEW.description);
END;
CREATE TRIGGER mx_emails_update INSTEAD OF UPDATE ON mx_emails BEGIN
  UPDATE emails SET name = NEW.name, date_sent_received = NEW.date_sent_received, status = NEW.status,
    date_modified = datetime('now') WHERE id = OLD.id;
  UPDATE emails_text SET from_addr = NEW.from_addr, to_addrs = NEW.to_addrs, description = NEW.description
    WHERE email_id = OLD.id;
END;
CREATE TRIGGER mx_emails_delete INSTEAD OF DELETE ON mx_emails BEGIN
  DELETE FROM emails_text WHERE email_id = OLD.id;
  DELETE FROM emails WHERE id = OLD.id;
END;
CREATE VIEW mx_email_contacts AS
  SELECT email_id, bean_id AS contact_id FROM emails_beans WHERE bean_module = 'Contacts' AND deleted = 0;
CREATE TRIGGER mx_email_contacts_insert INSTEAD OF INSERT ON mx_email_contacts BEGIN
  INSERT INTO emails_beans (id, email_id, bean_id, bean_module)
  VALUES (lower(hex(randomblob(16))), NEW.email_id, NEW.contact_id, 'Contacts');
END;
CREATE TRIGGER mx_email_contacts_delete INSTEAD OF DELETE ON mx_email_contacts BEGIN
  DELETE FROM emails_beans WHERE email_id = OLD.email_id AND bean_id = OLD.contact_id AND bean_module = 'Contacts';
END;
CREATE VIEW mx_email_accounts AS
  SELECT email_id, bean_id AS account_id FROM emails_beans WHERE bean_module = 'Accounts' AND deleted = 0;
CREATE TRIGGER mx_email_accounts_insert INSTEAD OF INSERT ON mx_email_accounts BEGIN
  INSERT INTO emails_beans (id, email_id, bean_id, bean_module)
  VALUES (lower(hex(randomblob(16))), NEW.email_id, NEW.account_id, 'Accounts');
END;
CREATE TRIGGER mx_email_accounts_delete INSTEAD OF DELETE ON mx_email_accounts BEGIN
  DELETE FROM emails_beans WHERE email_id = OLD.email_id AND bean_id = OLD.account_id AND bean_module = 'Accounts';
END;
CREATE VIEW mx_email_opportunities AS
  SELECT email_id, bean_id AS opportunity_id FROM emails_beans WHERE bean_module = 'Opportunities' AND deleted = 0;
CREATE TRIGGER mx_email_opportunities_insert INSTEAD OF INSERT ON mx_email_opportunities BEGIN
  INSERT INTO emails_beans (id, email_id, bean_id, bean_module)
  VALUES (lower(hex(randomblob(16))), NEW.email_id, NEW.opportunity_id, 'Opportunities');
END;
CREATE TRIGGER mx_email_opportunities_delete INSTEAD OF DELETE ON mx_email_opportunities BEGIN
  DELETE FROM emails_beans WHERE email_id = OLD.email_id AND bean_id = OLD.opportunity_id AND bean_module = 'Opportunities';
END;
