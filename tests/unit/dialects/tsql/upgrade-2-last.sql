DROP TABLE mxsync_undone
GO

CREATE TABLE mxsync_undone (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (number)
)
GO

UPDATE mxsync_meta SET value = '3' WHERE name = 'version'
GO
