"""How Alembic reaches the database: over the connection that `habeas.ledger.schema` was given."""

from alembic import context

from habeas.ledger.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # The caller's transaction holds the whole upgrade: all of it happens, or nothing does.
    transactional_ddl=False,
)
context.run_migrations()
