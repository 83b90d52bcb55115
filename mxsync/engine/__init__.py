"""What makes decisions come true: collect, decide, write in one transaction, journal, perform, recover."""
