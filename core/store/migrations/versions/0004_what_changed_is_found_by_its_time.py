"""What changed since the numbers were last built is found by its time."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXED = (
    ("acknowledgement", "moment"),
    ("feedback", "moment"),
    ("finding", "moment"),
    ("histology", "moment"),
    ("image_mark", "made_at"),
    ("image_mark", "removed_at"),
    ("onward", "escalated_at"),
    ("onward_move", "moment"),
    ("opinion", "moment"),
    ("referral", "sent_at"),
    ("second_read", "created_at"),
    ("second_read", "read_at"),
    ("second_read", "settled_at"),
    ("step_time", "changed_at"),
)


def upgrade() -> None:
    """Go on."""
    op.add_column(
        "step_time", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True)
    )
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Go back."""
    for table, column in INDEXED:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    op.drop_column("step_time", "changed_at")
