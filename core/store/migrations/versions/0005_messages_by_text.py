"""Messages by text and in the patient's language; whether they arrived."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What was promised before: to staff, by e-mail, in English.
FILLED = (("channel", 40, "email"), ("language", 10, "en"), ("provider_id", 80, ""))
MOMENTS = ("delivered_at", "bounced_at", "ask_at")
INDEXED = ("about_id", "ask_at")


def upgrade() -> None:
    """Go on."""
    for name, length, before in FILLED:
        kind = sa.String(length=length)
        column = sa.Column(name, kind, nullable=False, server_default=before)
        op.add_column("outbox", column)
    op.add_column("outbox", sa.Column("about_id", sa.Uuid(), nullable=True))
    for name in MOMENTS:
        moment = sa.DateTime(timezone=True)
        op.add_column("outbox", sa.Column(name, moment, nullable=True))
    for name in INDEXED:
        op.create_index(op.f(f"ix_outbox_{name}"), "outbox", [name])


def downgrade() -> None:
    """Go back."""
    for name in INDEXED:
        op.drop_index(op.f(f"ix_outbox_{name}"), "outbox")
    for name in (*MOMENTS, "about_id", *(name for name, *_ in FILLED)):
        op.drop_column("outbox", name)
