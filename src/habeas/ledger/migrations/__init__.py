"""Alembic's revisions of the tables, run by `habeas.ledger.schema`."""
