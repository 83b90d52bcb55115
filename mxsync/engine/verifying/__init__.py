"""A proof that every item of a mailbox is accounted for."""
