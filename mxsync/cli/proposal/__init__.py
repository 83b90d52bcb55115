"""A first mapping of a customer's tables, guessed from their names, keys and types."""
