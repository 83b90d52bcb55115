"""Taking back what a run, a rule or an item has done."""
