"""The customer's tables through SQLAlchemy Core."""
