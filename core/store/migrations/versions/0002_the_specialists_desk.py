"""The specialist's desk: routing, letters, marks, second reads, ways onward."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WORKLIST = (
    "pool_id",
    "state",
    "sub_specialty",
    "urgency",
    "due_at",
    "id",
    "reserved_for",
    "reserved_until",
    "practice_id",
    "reference",
)
APPEND_ONLY = ("routing_decision", "message", "letter", "onward_move")


def upgrade() -> None:
    """Go on."""
    op.create_table(
        "advice_snippet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("specialty", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_advice_snippet_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_snippet")),
    )
    with op.batch_alter_table("advice_snippet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advice_snippet_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "routing_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_routing_policy_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_routing_policy_saved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_policy")),
        sa.UniqueConstraint(
            "contract_id", "number", name=op.f("uq_routing_policy_contract_id_number")
        ),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("to", sa.String(40), nullable=False),
        sa.Column("for_person", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["for_person"], ["person.id"], name=op.f("fk_message_for_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_message_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_message_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_for_person_to"), ["for_person", "to"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_referral_id_moment"),
            ["referral_id", "moment"],
            unique=False,
        )

    op.create_table(
        "routing_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pool", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sub_specialty", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_routing_decision_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["routing_policy.id"],
            name=op.f("fk_routing_decision_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_routing_decision_referral_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_decision")),
        sa.UniqueConstraint(
            "referral_id", "number", name=op.f("uq_routing_decision_referral_id_number")
        ),
    )
    with op.batch_alter_table("routing_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_routing_decision_moment"), ["moment"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_routing_decision_organisation_id_moment"),
            ["organisation_id", "moment"],
            unique=False,
        )

    op.create_table(
        "feedback",
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("instructive", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_feedback_opinion_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_feedback_person_id")
        ),
        sa.PrimaryKeyConstraint("opinion_id", name=op.f("pk_feedback")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_letter_opinion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "opinion_id", "audience", name=op.f("uq_letter_opinion_id_audience")
        ),
    )
    op.create_table(
        "message_receipt",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_receipt_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_receipt_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "message_id", "person_id", name=op.f("pk_message_receipt")
        ),
    )
    op.create_table(
        "unread_message",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("to", sa.String(40), nullable=False),
        sa.Column("for_person", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["for_person"], ["person.id"], name=op.f("fk_unread_message_for_person")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_unread_message_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_unread_message_referral_id"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_unread_message")),
    )
    with op.batch_alter_table("unread_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unread_message_for_person_to"),
            ["for_person", "to"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_unread_message_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "onward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_onward_opinion_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_onward_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward")),
        sa.UniqueConstraint("opinion_id", name=op.f("uq_onward_opinion_id")),
    )
    with op.batch_alter_table("onward", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_onward_referral_id"), ["referral_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_onward_state_confirm_by"),
            ["state", "confirm_by"],
            unique=False,
        )

    op.create_table(
        "second_read",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_reader", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("diagnosis", sa.String(length=60), nullable=True),
        sa.Column("certainty", sa.String(40), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("same_group", sa.Boolean(), nullable=True),
        sa.Column("same_outcome", sa.Boolean(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_for", sa.String(length=10), nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_reader"], ["person.id"], name=op.f("fk_second_read_first_reader")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_second_read_opinion_id")
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["organisation.id"], name=op.f("fk_second_read_pool_id")
        ),
        sa.ForeignKeyConstraint(
            ["reader"], ["person.id"], name=op.f("fk_second_read_reader")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_second_read_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_second_read_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_read")),
        sa.UniqueConstraint("opinion_id", name=op.f("uq_second_read_opinion_id")),
    )
    with op.batch_alter_table("second_read", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_second_read_first_reader_state"),
            ["first_reader", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_second_read_pool_id_state_due_at"),
            ["pool_id", "state", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_second_read_reader_state"), ["reader", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_second_read_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "image_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_image_mark_image_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_image_mark_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_mark")),
    )
    with op.batch_alter_table("image_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_image_mark_image_id"), ["image_id"], unique=False
        )

    op.create_table(
        "onward_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onward_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(40), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["onward_id"], ["onward.id"], name=op.f("fk_onward_move_onward_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_move")),
        sa.UniqueConstraint(
            "onward_id", "number", name=op.f("uq_onward_move_onward_id_number")
        ),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_person_id_ended_at"),
            ["person_id", "ended_at"],
            unique=False,
        )

    op.add_column(
        "membership",
        sa.Column("interests", sa.JSON(), nullable=False, server_default="[]"),
    )
    op.add_column(
        "opinion",
        sa.Column("prescribing", sa.Text(), nullable=False, server_default=""),
    )
    op.add_column("opinion", sa.Column("minutes", sa.Integer(), nullable=True))
    op.create_index("ix_opinion_person_id_moment", "opinion", ["person_id", "moment"])
    _widen_referral()
    for table in APPEND_ONLY:
        _refuse_changes(table)


def _widen_referral() -> None:
    # Added in place: to write the table anew, as SQLite's batches do, would drop it
    # while other tables point at it.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "alter table referral add column pool_id char(32) "
            "constraint fk_referral_pool_id references organisation (id)"
        )
    else:
        op.add_column("referral", sa.Column("pool_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            "fk_referral_pool_id", "referral", "organisation", ["pool_id"], ["id"]
        )
    op.add_column(
        "referral", sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "referral",
        sa.Column("falls_back_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "referral",
        sa.Column("sub_specialty", sa.String(40), nullable=False, server_default=""),
    )
    op.add_column("referral", sa.Column("urgency", sa.Integer(), nullable=True))
    op.create_index("ix_referral_worklist", "referral", list(_WORKLIST))
    op.create_index(
        "ix_referral_pool_id_state_routed_at",
        "referral",
        ["pool_id", "state", "routed_at"],
    )
    op.create_index(
        "ix_referral_state_falls_back_at", "referral", ["state", "falls_back_at"]
    )
    op.create_index(
        "ix_referral_reserved_for_state",
        "referral",
        ["reserved_for", "state"],
        sqlite_where=sa.text("reserved_for is not null"),
        postgresql_where=sa.text("reserved_for is not null"),
    )
    # What was sent before there was routing is with the contract's own specialists,
    # where it has any.
    op.execute(
        "update referral set routed_at = sent_at, urgency = case priority "
        "when 'suspected_cancer' then 0 when 'urgent' then 1 else 2 end, "
        "pool_id = (select contract_pool.organisation_id from contract_pool "
        "join contract_version "
        "on contract_version.contract_id = contract_pool.contract_id "
        "where contract_version.id = referral.contract_version_id "
        "order by contract_pool.pool limit 1) where sent_at is not null"
    )


def _refuse_changes(table: str) -> None:
    """What was decided, said or sent stays as it was."""
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
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_referral_pool_id", "referral", type_="foreignkey")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_reserved_for_state"))
        batch_op.drop_index(batch_op.f("ix_referral_state_falls_back_at"))
        batch_op.drop_index(batch_op.f("ix_referral_pool_id_state_routed_at"))
        batch_op.drop_index(batch_op.f("ix_referral_worklist"))
        batch_op.drop_column("urgency")
        batch_op.drop_column("sub_specialty")
        batch_op.drop_column("falls_back_at")
        batch_op.drop_column("routed_at")
        batch_op.drop_column("pool_id")

    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinion_person_id_moment"))
        batch_op.drop_column("minutes")
        batch_op.drop_column("prescribing")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("interests")

    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_person_id_ended_at"))

    op.drop_table("onward_move")
    with op.batch_alter_table("image_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_image_mark_image_id"))

    op.drop_table("image_mark")
    with op.batch_alter_table("second_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_second_read_referral_id"))
        batch_op.drop_index(batch_op.f("ix_second_read_reader_state"))
        batch_op.drop_index(batch_op.f("ix_second_read_pool_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_second_read_first_reader_state"))

    op.drop_table("second_read")
    with op.batch_alter_table("onward", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_onward_state_confirm_by"))
        batch_op.drop_index(batch_op.f("ix_onward_referral_id"))

    op.drop_table("onward")
    with op.batch_alter_table("unread_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unread_message_referral_id"))
        batch_op.drop_index(batch_op.f("ix_unread_message_for_person_to"))

    op.drop_table("unread_message")
    op.drop_table("message_receipt")
    op.drop_table("letter")
    op.drop_table("feedback")
    with op.batch_alter_table("routing_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_routing_decision_organisation_id_moment"))
        batch_op.drop_index(batch_op.f("ix_routing_decision_moment"))

    op.drop_table("routing_decision")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_referral_id_moment"))
        batch_op.drop_index(batch_op.f("ix_message_for_person_to"))

    op.drop_table("message")
    op.drop_table("routing_policy")
    with op.batch_alter_table("advice_snippet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advice_snippet_person_id"))

    op.drop_table("advice_snippet")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"drop function {table}_refuse()")
