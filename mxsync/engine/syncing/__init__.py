"""Syncs carried out: which folders they are about, what is decided of each record, and how that is written."""
