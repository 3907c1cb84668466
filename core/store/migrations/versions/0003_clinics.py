"""Clinics: sites, staff, sessions, needs, plans, appointments, findings."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "need_event",
    "appointment_letter",
    "session_change",
    "finding",
    "histology",
)


def upgrade() -> None:
    """Go on."""
    op.create_table(
        "clinic_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("specialty", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_clinic_plan_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_plan")),
    )
    with op.batch_alter_table("clinic_plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_plan_made_at"), ["made_at"], unique=False
        )

    op.create_table(
        "clinic_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("procedures", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_clinic_staff_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_clinic_staff_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_staff")),
        sa.UniqueConstraint(
            "person_id",
            "organisation_id",
            name=op.f("uq_clinic_staff_person_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("clinic_staff", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_staff_organisation_id"),
            ["organisation_id"],
            unique=False,
        )

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("east_km", sa.Double(), nullable=False),
        sa.Column("north_km", sa.Double(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_site_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_site_organisation_id_name")
        ),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_room_site_id_name")),
    )
    op.create_table(
        "session_pattern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("template", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_session_pattern_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_session_pattern_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_session_pattern_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_session_pattern_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_pattern")),
    )
    with op.batch_alter_table("session_pattern", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_pattern_organisation_id"),
            ["organisation_id"],
            unique=False,
        )

    op.create_table(
        "clinic_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("template", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=True),
        sa.Column("uid", sa.String(length=300), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_clinic_session_has_minutes")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_clinic_session_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pattern_id"],
            ["session_pattern.id"],
            name=op.f("fk_clinic_session_pattern_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_clinic_session_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_clinic_session_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_clinic_session_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_session")),
        sa.UniqueConstraint(
            "organisation_id", "uid", name=op.f("uq_clinic_session_organisation_id_uid")
        ),
        sa.UniqueConstraint(
            "pattern_id",
            "begins_at",
            name=op.f("uq_clinic_session_pattern_id_begins_at"),
        ),
    )
    with op.batch_alter_table("clinic_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_session_person_id_begins_at"),
            ["person_id", "begins_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_clinic_session_state_begins_at"),
            ["state", "begins_at"],
            unique=False,
        )

    op.create_table(
        "pattern_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["pattern_id"],
            ["session_pattern.id"],
            name=op.f("fk_pattern_exception_pattern_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_exception")),
        sa.UniqueConstraint(
            "pattern_id", "day", name=op.f("uq_pattern_exception_pattern_id_day")
        ),
    )
    op.create_table(
        "clinic_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("specialty", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("complexity", sa.String(40), nullable=False),
        sa.Column("lowest_grade", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("see_by", sa.Date(), nullable=False),
        sa.Column("arose_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prefers_person", sa.Uuid(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("farthest_km", sa.Double(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_clinic_need_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_clinic_need_opinion_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_clinic_need_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["organisation.id"],
            name=op.f("fk_clinic_need_practice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["prefers_person"],
            ["person.id"],
            name=op.f("fk_clinic_need_prefers_person"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_clinic_need_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_need")),
        sa.UniqueConstraint("opinion_id", name=op.f("uq_clinic_need_opinion_id")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_clinic_need_referral_id")),
    )
    with op.batch_alter_table("clinic_need", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_need_changed_at"), ["changed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clinic_need_contract_id_state"),
            ["contract_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_clinic_need_patient_id"), ["patient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clinic_need_practice_id"), ["practice_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clinic_need_state_see_by"), ["state", "see_by"], unique=False
        )

    op.create_table(
        "heads_up_seen",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_heads_up_seen_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_heads_up_seen_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "person_id", name=op.f("pk_heads_up_seen")
        ),
    )
    op.create_table(
        "session_hold",
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_session_hold_session_id"),
        ),
        sa.PrimaryKeyConstraint("held_id", "quarter", name=op.f("pk_session_hold")),
    )
    with op.batch_alter_table("session_hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_hold_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "clinic_plan_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("need_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost_pence", sa.Integer(), nullable=False),
        sa.Column("km", sa.Double(), nullable=True),
        sa.Column("later", sa.Boolean(), nullable=False),
        sa.Column("days_against_first_come", sa.Integer(), nullable=True),
        sa.Column("gap", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_clinic_plan_line_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["clinic_need.id"], name=op.f("fk_clinic_plan_line_need_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["clinic_plan.id"], name=op.f("fk_clinic_plan_line_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_clinic_plan_line_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_plan_line")),
        sa.UniqueConstraint(
            "plan_id", "need_id", name=op.f("uq_clinic_plan_line_plan_id_need_id")
        ),
    )
    with op.batch_alter_table("clinic_plan_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_plan_line_need_id"), ["need_id"], unique=False
        )

    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("plan_line_id", sa.Uuid(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["booked_by"], ["person.id"], name=op.f("fk_appointment_booked_by")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["clinic_need.id"], name=op.f("fk_appointment_need_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_line_id"],
            ["clinic_plan_line.id"],
            name=op.f("fk_appointment_plan_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_appointment_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_appointment_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_appointment_session_id_state"),
            ["session_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            "uq_appointment_booked",
            ["need_id"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.create_index(
            "uq_appointment_patient",
            ["patient_id", "begins_at"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )

    op.create_table(
        "appointment_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_letter_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_letter")),
        sa.UniqueConstraint(
            "appointment_id",
            "kind",
            name=op.f("uq_appointment_letter_appointment_id_kind"),
        ),
    )
    op.create_table(
        "appointment_time",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_time_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_appointment_time_session_id"),
        ),
        sa.PrimaryKeyConstraint("session_id", "step", name=op.f("pk_appointment_time")),
    )
    with op.batch_alter_table("appointment_time", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_time_appointment_id"),
            ["appointment_id"],
            unique=False,
        )

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diagnosis", sa.String(length=60), nullable=False),
        sa.Column("certainty", sa.String(40), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=True),
        sa.Column("histology_sent", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_finding_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_finding_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_finding_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "appointment_id", "version", name=op.f("uq_finding_appointment_id_version")
        ),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_finding_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "histology",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diagnosis", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_histology_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_histology_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_histology_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_histology")),
        sa.UniqueConstraint(
            "appointment_id",
            "version",
            name=op.f("uq_histology_appointment_id_version"),
        ),
    )
    with op.batch_alter_table("histology", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_histology_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "need_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(40), nullable=False),
        sa.Column("to_state", sa.String(40), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_need_event_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["clinic_need.id"], name=op.f("fk_need_event_need_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_event")),
        sa.UniqueConstraint(
            "need_id", "number", name=op.f("uq_need_event_need_id_number")
        ),
    )
    with op.batch_alter_table("need_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_need_event_moment"), ["moment"], unique=False
        )

    op.create_table(
        "session_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_session_change_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["clinic_session.id"],
            name=op.f("fk_session_change_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_change")),
        sa.UniqueConstraint(
            "session_id", "number", name=op.f("uq_session_change_session_id_number")
        ),
    )
    op.create_table(
        "finding_seen",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("seer_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_seen_finding_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "seer_id", name=op.f("pk_finding_seen")),
    )
    op.add_column("practice", sa.Column("east_km", sa.Double(), nullable=True))
    op.add_column("practice", sa.Column("north_km", sa.Double(), nullable=True))
    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """What was decided, said or found stays as it was."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )
        return
    op.execute(
        f"create function {table}_refuse() returns trigger language plpgsql as "
        f"$$ begin raise exception '{table} is append-only'; end $$"
    )
    op.execute(
        f"create trigger {table}_append_only before update or delete or truncate "
        f"on {table} for each statement execute function {table}_refuse()"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("practice", "north_km")
    op.drop_column("practice", "east_km")
    op.drop_table("finding_seen")
    op.drop_table("session_change")
    with op.batch_alter_table("need_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_event_moment"))

    op.drop_table("need_event")
    with op.batch_alter_table("histology", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_histology_referral_id"))

    op.drop_table("histology")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_referral_id"))

    op.drop_table("finding")
    with op.batch_alter_table("appointment_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_time_appointment_id"))

    op.drop_table("appointment_time")
    op.drop_table("appointment_letter")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appointment_patient",
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.drop_index(
            "uq_appointment_booked",
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.drop_index(batch_op.f("ix_appointment_session_id_state"))
        batch_op.drop_index(batch_op.f("ix_appointment_referral_id"))

    op.drop_table("appointment")
    with op.batch_alter_table("clinic_plan_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_plan_line_need_id"))

    op.drop_table("clinic_plan_line")
    with op.batch_alter_table("session_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_hold_session_id"))

    op.drop_table("session_hold")
    op.drop_table("heads_up_seen")
    with op.batch_alter_table("clinic_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_need_state_see_by"))
        batch_op.drop_index(batch_op.f("ix_clinic_need_practice_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_need_patient_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_need_contract_id_state"))
        batch_op.drop_index(batch_op.f("ix_clinic_need_changed_at"))

    op.drop_table("clinic_need")
    op.drop_table("pattern_exception")
    with op.batch_alter_table("clinic_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_session_state_begins_at"))
        batch_op.drop_index(batch_op.f("ix_clinic_session_person_id_begins_at"))

    op.drop_table("clinic_session")
    with op.batch_alter_table("session_pattern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_pattern_organisation_id"))

    op.drop_table("session_pattern")
    op.drop_table("room")
    op.drop_table("site")
    with op.batch_alter_table("clinic_staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_staff_organisation_id"))

    op.drop_table("clinic_staff")
    with op.batch_alter_table("clinic_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_plan_made_at"))

    op.drop_table("clinic_plan")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"drop function {table}_refuse()")
