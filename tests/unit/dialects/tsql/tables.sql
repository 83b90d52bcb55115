CREATE TABLE mxsync_aside (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	revision NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	sentence NVARCHAR(max) NOT NULL, 
	attempts INTEGER NOT NULL, 
	first NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	last NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (mailbox, href)
)
GO

CREATE TABLE mxsync_audit (
	number INTEGER NOT NULL IDENTITY, 
	run INTEGER NOT NULL, 
	at NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	action NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[rule] NVARCHAR(max) NOT NULL, 
	[file] NVARCHAR(max) NOT NULL, 
	line INTEGER NOT NULL, 
	[plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	detail NVARCHAR(max) NOT NULL, 
	trace NVARCHAR(max) NOT NULL, 
	before NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_audit_item ON mxsync_audit (mailbox, href)
GO

CREATE INDEX mxsync_audit_row ON mxsync_audit (entity, row_key)
GO

CREATE INDEX mxsync_audit_run ON mxsync_audit (run)
GO

CREATE TABLE mxsync_claims (
	name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	taken NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_cursors (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[cursor] NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (mailbox)
)
GO

CREATE TABLE mxsync_deaths (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	deaths INTEGER NOT NULL, 
	PRIMARY KEY (mailbox, href)
)
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

CREATE TABLE mxsync_items (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	revision NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	stamp NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	fate NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	reason NVARCHAR(max) NOT NULL, 
	decided NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	once NVARCHAR(max) NOT NULL, 
	fields NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (mailbox, href)
)
GO

CREATE INDEX mxsync_items_folder ON mxsync_items (mailbox, folder)
GO

CREATE INDEX mxsync_items_identity ON mxsync_items ([identity])
GO

CREATE TABLE mxsync_journal (
	number INTEGER NOT NULL IDENTITY, 
	[key] NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	effect NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	payload NVARCHAR(max) NOT NULL, 
	state NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	attempts INTEGER NOT NULL, 
	error NVARCHAR(max) NOT NULL, 
	outcome NVARCHAR(max) NOT NULL, 
	begun INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	due NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE ([key])
)
GO

CREATE INDEX mxsync_journal_state ON mxsync_journal (state)
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

CREATE TABLE mxsync_meta (
	name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	value NVARCHAR(max) NULL, 
	PRIMARY KEY (name)
)
GO

CREATE TABLE mxsync_pairs (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	made INTEGER NOT NULL, 
	baseline NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (mailbox, href, entity, row_key)
)
GO

CREATE INDEX mxsync_pairs_identity ON mxsync_pairs ([identity])
GO

CREATE INDEX mxsync_pairs_row ON mxsync_pairs (entity, row_key)
GO

CREATE TABLE mxsync_review (
	number INTEGER NOT NULL IDENTITY, 
	at NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	[identity] NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	why NVARCHAR(max) NOT NULL, 
	[rule] NVARCHAR(max) NOT NULL, 
	[plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	decision NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE INDEX mxsync_review_item ON mxsync_review (mailbox, href)
GO

CREATE TABLE mxsync_rows (
	entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	fields NVARCHAR(max) NOT NULL, 
	done NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (entity, row_key)
)
GO

CREATE TABLE mxsync_runs (
	number INTEGER NOT NULL IDENTITY, 
	kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	started NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	ended NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL, 
	[plan] NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	counts NVARCHAR(max) NOT NULL, 
	outcome NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (number)
)
GO

CREATE TABLE mxsync_seen (
	table_name NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(450) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	stamp NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (table_name, row_key)
)
GO

CREATE TABLE mxsync_signed (
	entity NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	row_key NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	moments NVARCHAR(max) NOT NULL, 
	PRIMARY KEY (entity, row_key)
)
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

CREATE TABLE mxsync_working (
	mailbox NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	href NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	folder NVARCHAR(1024) COLLATE Latin1_General_100_BIN2 NOT NULL, 
	PRIMARY KEY (mailbox, href)
)
GO

INSERT INTO mxsync_meta (name, value) VALUES ('version', '4')
GO
