"""What mxsync remembers, in tables of its own beside the customer's."""
