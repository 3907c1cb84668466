"""Patients come by a weblink; what waits too long is told to somebody else."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on."""
    op.create_table(
        "wrong_guess",
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", "hour", name=op.f("pk_wrong_guess")),
    )
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("loop", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("contract_version_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_version_id"],
            ["contract_version.id"],
            name=op.f("fk_escalation_contract_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_escalation_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint(
            "referral_id",
            "loop",
            "since",
            "number",
            name=op.f("uq_escalation_referral_id_loop_since_number"),
        ),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_escalation_moment"), ["moment"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_escalation_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_escalation_settled_at"), ["settled_at"], unique=False
        )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("contract_version_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("wants_messages", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_for", sa.String(length=40), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_dates", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_version_id"],
            ["contract_version.id"],
            name=op.f("fk_invitation_contract_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_invitation_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_invitation_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["organisation.id"], name=op.f("fk_invitation_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_invitation_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_invitation_referral_id")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_changed_at"), ["changed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_practice_id_state"),
            ["practice_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_state_expires_at"),
            ["state", "expires_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_state_remind_at"),
            ["state", "remind_at"],
            unique=False,
        )

    op.create_table(
        "invitation_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_invitation_event_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_event")),
    )
    with op.batch_alter_table("invitation_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_event_invitation_id_moment"),
            ["invitation_id", "moment"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_event_moment"), ["moment"], unique=False
        )

    op.create_table(
        "invitation_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_invitation_link_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_link_token_hash")),
    )
    with op.batch_alter_table("invitation_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_link_invitation_id"),
            ["invitation_id"],
            unique=False,
        )

    op.create_table(
        "invitation_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_invitation_visit_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["invitation_link.id"],
            name=op.f("fk_invitation_visit_link_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_visit")),
        sa.UniqueConstraint(
            "secret_hash", name=op.f("uq_invitation_visit_secret_hash")
        ),
    )
    with op.batch_alter_table("invitation_visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_visit_invitation_id"),
            ["invitation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_visit_link_id_started_at"),
            ["link_id", "started_at"],
            unique=False,
        )

    op.create_index(
        op.f("ix_acknowledgement_state"), "acknowledgement", ["state"], unique=False
    )
    for name in ("deputy_name", "deputy_email"):
        op.add_column(
            "practice",
            sa.Column(name, sa.String(length=200), nullable=False, server_default=""),
        )


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_acknowledgement_state"), table_name="acknowledgement")
    for name in ("deputy_email", "deputy_name"):
        op.drop_column("practice", name)

    with op.batch_alter_table("invitation_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_visit_link_id_started_at"))
        batch_op.drop_index(batch_op.f("ix_invitation_visit_invitation_id"))

    op.drop_table("invitation_visit")
    with op.batch_alter_table("invitation_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_link_invitation_id"))

    op.drop_table("invitation_link")
    with op.batch_alter_table("invitation_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_event_moment"))
        batch_op.drop_index(batch_op.f("ix_invitation_event_invitation_id_moment"))

    op.drop_table("invitation_event")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_state_remind_at"))
        batch_op.drop_index(batch_op.f("ix_invitation_state_expires_at"))
        batch_op.drop_index(batch_op.f("ix_invitation_practice_id_state"))
        batch_op.drop_index(batch_op.f("ix_invitation_changed_at"))

    op.drop_table("invitation")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_settled_at"))
        batch_op.drop_index(batch_op.f("ix_escalation_referral_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_moment"))

    op.drop_table("escalation")
    op.drop_table("wrong_guess")
