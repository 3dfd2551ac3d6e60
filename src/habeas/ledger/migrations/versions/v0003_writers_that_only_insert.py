"""Functions through which a PostgreSQL writer moves the head without a right to change a row.

SQLite knows no roles: nothing changes in its file but the number of the version.

Revision ID: 0003
"""

from alembic import op

from habeas.ledger.postgres_functions import statements_0003

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions where the engine has roles."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        for statement in statements_0003(str(schema)):
            op.execute(statement)
