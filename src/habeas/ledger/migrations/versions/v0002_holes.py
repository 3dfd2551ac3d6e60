"""Holes: bytes that an order removed, each naming the entry that ordered it.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from habeas.ledger.guards import GUARDS_0002

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and let bytes of an entry go where it says so."""
    op.create_table(
        "hole",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("what", sa.Text(), sa.CheckConstraint("what IN ('payload', 'entry')"), nullable=False),
        sa.Column("ordered_by", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    for statement in GUARDS_0002[op.get_context().dialect.name]:
        op.execute(statement)
