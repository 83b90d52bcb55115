"""What flows through mxsync: items, records, changes, effects, outcomes. No I/O, standard library only."""
