"""Entries that are only ever added, and the head that says where they end.

Revision ID: 0001
"""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from habeas.ledger.guards import GUARDS_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SHA-256 of the other columns as JSON: [1,0,null,null,"00...00","",0].
EMPTY_HEAD_DIGEST = sha256(b'[1,0,null,null,"' + b"00" * 32 + b'","",0]').digest()

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables, the head of an empty ledger, and triggers that refuse to change an entry."""
    op.create_table(
        "entry",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.Text()),
        sa.Column("event_id", sa.Text()),
        sa.Column("actor", sa.Text()),
        sa.Column("idem", sa.Text()),
        sa.Column("header", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
    )
    op.create_index("entry_stream", "entry", ["stream", "seq"])
    op.create_index("entry_event", "entry", ["event_id"], unique=True)
    op.create_index("entry_key", "entry", ["actor", "idem"], unique=True)
    head = op.create_table(
        "head",
        sa.Column("id", _SEQ, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    op.bulk_insert(
        head,
        [
            {
                "id": 1,
                "size": 0,
                "recorded_at": None,
                "settled_at": None,
                "chain": bytes(32),
                "frontier": b"",
                "epoch": 0,
                "digest": EMPTY_HEAD_DIGEST,
            }
        ],
    )
    for statement in GUARDS_0001[op.get_context().dialect.name]:
        op.execute(statement)
