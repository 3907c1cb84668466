"""Where a message goes is sealed: it may be a patient's own address."""

import sqlalchemy as sa
from alembic import op

from core.store.sealed import Sealed


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on."""
    _become(sa.String(length=200), Sealed())


def downgrade() -> None:
    """Go back."""
    _become(Sealed(), sa.String(length=200))


def _become(before: sa.types.TypeEngine[str], after: sa.types.TypeEngine[str]) -> None:
    """Write each address anew, as the other type keeps it."""
    bare = sa.LargeBinary() if isinstance(after, Sealed) else after
    op.add_column("outbox", sa.Column("written_anew", bare, nullable=True))
    table = sa.table(
        "outbox",
        sa.column("id", sa.Uuid()),
        sa.column("address", before),
        sa.column("written_anew", after),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(table.c.id, table.c.address)).all():
        connection.execute(
            sa.update(table)
            .where(table.c.id == row.id)
            .values(written_anew=row.address)
        )
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("address")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column(
            "written_anew",
            new_column_name="address",
            existing_type=bare,
            existing_nullable=True,
            nullable=False,
        )
