ALTER TABLE mxsync_aside ALTER COLUMN sentence NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_audit ALTER COLUMN [rule] NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_audit ALTER COLUMN [file] NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_audit ALTER COLUMN detail NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_audit ALTER COLUMN trace NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_audit ALTER COLUMN before NVARCHAR(max) NOT NULL
GO

CREATE INDEX mxsync_audit_run ON mxsync_audit (run)
GO

ALTER TABLE mxsync_cursors ALTER COLUMN [cursor] NVARCHAR(max) NOT NULL
GO

CREATE TABLE mxsync_effects (
	number INTEGER NOT NULL IDENTITY, 
	[key] NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	run INTEGER NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	undone INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_effects_item ON mxsync_effects (mailbox, href)
GO

CREATE INDEX mxsync_effects_key ON mxsync_effects ([key])
GO

CREATE INDEX mxsync_effects_run ON mxsync_effects (run)
GO

ALTER TABLE mxsync_items ALTER COLUMN reason NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_items ALTER COLUMN once NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_items ALTER COLUMN fields NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_journal ALTER COLUMN payload NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_journal ALTER COLUMN error NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_journal ALTER COLUMN outcome NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_journal ADD begun INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD refused INTEGER NOT NULL DEFAULT 0
GO

ALTER TABLE mxsync_journal ADD due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT ('')
GO

CREATE TABLE mxsync_keys (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	match_key NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (mailbox, href, match_key)
)
GO

CREATE INDEX mxsync_keys_key ON mxsync_keys (mailbox, match_key)
GO

CREATE TABLE mxsync_leases (
	name NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	holder NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	epoch INTEGER NOT NULL, 
	deadline NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_links (
	digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	sync NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[user] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	hub_place NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	hub_folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	hub_key NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	state NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	made INTEGER NOT NULL, 
	made_hub INTEGER NOT NULL, 
	baseline NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (digest)
)
GO

CREATE INDEX mxsync_links_hub ON mxsync_links (hub_place, hub_key)
GO

CREATE INDEX mxsync_links_item ON mxsync_links (mailbox, href)
GO

CREATE INDEX mxsync_links_sync ON mxsync_links (sync, [user])
GO

ALTER TABLE mxsync_meta ALTER COLUMN value NVARCHAR(max) NULL
GO

ALTER TABLE mxsync_pairs ALTER COLUMN baseline NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_review ALTER COLUMN why NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_review ALTER COLUMN [rule] NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_review ALTER COLUMN decision NVARCHAR(max) NOT NULL
GO

CREATE TABLE mxsync_rows (
	entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	fields NVARCHAR(max) NOT NULL, 
	done NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (entity, row_key)
)
GO

ALTER TABLE mxsync_runs ALTER COLUMN counts NVARCHAR(max) NOT NULL
GO

ALTER TABLE mxsync_runs ALTER COLUMN outcome NVARCHAR(max) NOT NULL
GO

CREATE TABLE mxsync_seen (
	table_name NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(450) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	stamp NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (table_name, row_key)
)
GO

ALTER TABLE mxsync_signed ALTER COLUMN moments NVARCHAR(max) NOT NULL
GO

CREATE TABLE mxsync_syncs (
	sync NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[user] NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	digest NVARCHAR(80) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (sync, [user])
)
GO

CREATE TABLE mxsync_undone (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE TABLE mxsync_waiting (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	event NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	ticket NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (mailbox, href)
)
GO

DROP TABLE mxsync_lease
GO

UPDATE mxsync_meta SET value = '4' WHERE name = 'version'
GO
