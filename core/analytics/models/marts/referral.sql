-- One row per referral that was ever sent, withdrawn ones included.
-- Key: referral. referral, patient, referrer, specialist are keyed hashes.
-- priority: routine, urgent, suspected_cancer. Days, weeks (from Monday) and months are
-- London's. turnaround_hours runs on the wall clock, nights and weekends included, from
-- first sent to first answered; time that the practice took to answer a question back is
-- in it. within_target compares the first answer with the due time as it stands, which
-- starts anew when the practice answers a question back; due_day is that due time's.
-- fell_due: an answer is owed by then; not so where it was withdrawn before its time was up.
-- sent_by_role: gp, nurse, healthcare_assistant, practice_administrator, other; patient where
-- its patient filled it in by a weblink, whoever sent it on.
-- escalated_day: when somebody was first told that its answer, a question back to the
-- practice or its time limit was waiting too long.
-- working_group, working_cancer: of the referrer's working diagnosis where the words are
-- exactly a label, synonym or code of the specialty's list; null where they are not, or
-- nothing was written. A group says what commissioners count; cancer, here and in
-- remote_cancer, that it is treated as one until it is ruled out.
-- outcome, face_to_face, diagnosis_group, remote_cancer are the newest answer's;
-- first_outcome, first_face_to_face, first_group the first one's, which never change.
-- savings_day: 90 days after it was sent. Once that day is over, of those that were answered
-- by then and whose referrer said what would have been done without this service:
-- avoided: a clinic visit would have been asked for, and none was kept within the 90 days;
-- gained: none would have been asked for, and one was kept. Null for all others. Of a
-- patient whom the answer sent to a clinic that is not booked here we never hear again:
-- that visit is taken for kept, so that no saving is claimed that may be none.
-- diagnosis_day: for suspected cancer the day on which the patient could be told whether it
-- is one: of the first answer where nobody has to be seen, or of the one that took a visit
-- back, else of the visit with findings, or of the first histology report where something
-- was sent. Null while that is open, and for good where the visit was given up or is in a
-- clinic that is not booked here.
-- The words that measures are counted by are never null: what is missing is not_recorded.
-- Of these deprivation is the fifth of areas that the practice lies in, 1 the most deprived;
-- language_group is english or other; way is pool and class of the rule that routed it when
-- it was sent; answer and diagnosis are the first answer's outcome and group, or
-- not_recorded and other. They stand here, and with visits, needs, pictures and second
-- reads, so that a count reads one table.
-- Invariants: started <= sent <= claimed <= answered <= closed; face_to_face, outcome,
-- remote_cancer and their first ones are null exactly where answered_at is.
with referral as (select * from raw_referral),

moves as (select * from stg_moves),

answer as (select * from stg_answer),

step as (select * from stg_step),

skin_type as (select * from raw_skin_type),

lesion as (
    select
        referral,
        cast(sum(how_many) as bigint) as how_many
    from raw_lesion
    group by referral
),

image as (
    select
        referral,
        cast(sum(pictures) as bigint) as how_many
    from raw_picture
    group by referral
),

seen as (select * from stg_seen),

visit as (select * from stg_visit),

stage as (select * from stg_stage),

routing as (select * from stg_routing),

feedback as (select * from stg_feedback),

escalation as (
    select
        referral,
        min(raised_day) as escalated_day
    from mart.escalation
    where loop in ('unacknowledged', 'unreturned', 'target_at_risk')
    group by referral
),

-- Answers that sent somebody to be seen.
sent as (
    select
        opinion.referral,
        max(opinion.version) as newest_version
    from raw_opinion as opinion
    inner join mart.outcome as outcome on opinion.outcome = outcome.outcome
    where outcome.face_to_face
    group by opinion.referral
),

-- Since when nobody has to be seen any more, where an answer had said so.
spared as (
    select
        opinion.referral,
        min(opinion.moment) as since
    from raw_opinion as opinion
    inner join sent on opinion.referral = sent.referral
    where opinion.version > sent.newest_version
    group by opinion.referral
),

-- What is known once 90 days are over.
known as (
    select
        referral.referral,
        cast(timezone('Europe/London', moves.answered_at) as date) as answered_day,
        coalesce(
            cast(timezone('Europe/London', visit.seen_at) as date)
            <= cast(timezone('Europe/London', referral.sent_at) as date) + 90,
            false
        ) or coalesce(outcome.face_to_face and need.referral is null, false) as kept,
        referral.would_have_referred is not null and coalesce(
            cast(timezone('Europe/London', referral.sent_at) as date) + 90 <= shot.last_day
            and cast(timezone('Europe/London', moves.answered_at) as date)
            <= cast(timezone('Europe/London', referral.sent_at) as date) + 90,
            false
        ) as savings
    from referral
    inner join moves on referral.referral = moves.referral
    left join visit on referral.referral = visit.referral
    left join answer on referral.referral = answer.referral
    left join mart.outcome as outcome on answer.outcome = outcome.outcome
    left join raw_clinic_need as need on referral.referral = need.referral
    cross join stg_snapshot as shot
)

select
    referral.referral,
    referral.patient,
    referral.referrer,
    answer.specialist,
    referral.practice,
    referral.commissioner,
    referral.specialty,
    referral.service_model,
    referral.priority,
    referral.offered_priority,
    referral.would_have_referred,
    referral.working_group,
    referral.working_cancer,
    referral.image_set,
    referral.age_band,
    referral.sex,
    referral.language,
    referral.state,
    referral.started_at,
    referral.sent_at,
    referral.due_at,
    moves.claimed_at,
    moves.answered_at,
    answer.acknowledged_at,
    moves.closed_at,
    moves.withdrawn_at,
    cast(timezone('Europe/London', referral.sent_at) as date) as sent_day,
    cast(date_trunc('week', timezone('Europe/London', referral.sent_at)) as date) as sent_week,
    cast(date_trunc('month', timezone('Europe/London', referral.sent_at)) as date) as sent_month,
    cast(timezone('Europe/London', referral.due_at) as date) as due_day,
    cast(timezone('Europe/London', moves.answered_at) as date) as answered_day,
    cast(date_trunc('month', timezone('Europe/London', moves.answered_at)) as date)
        as answered_month,
    moves.returned,
    moves.amended,
    moves.taken_over,
    moves.released,
    routing.first_pool,
    routing.first_rule,
    answer.outcome,
    outcome.face_to_face,
    answer.diagnosis_group,
    answer.remote_cancer,
    answer.first_outcome,
    first_outcome.face_to_face as first_face_to_face,
    answer.first_group,
    step.seconds_patient,
    step.seconds_problem,
    step.seconds_history,
    step.seconds_images,
    step.seconds_ask_and_send,
    step.seconds_to_send,
    answer.seconds_to_answer,
    feedback.helpful,
    feedback.instructive,
    escalation.escalated_day,
    cast(timezone('Europe/London', answer.acknowledged_at) as date) as acknowledged_day,
    cast(timezone('Europe/London', feedback.marked_at) as date) as marked_day,
    coalesce(answer.pool, 'not_recorded') as pool,
    coalesce(referral.route, 'not_recorded') as route,
    coalesce(referral.problem, 'not_recorded') as problem,
    coalesce(referral.ethnic_category, 'not_recorded') as ethnic_category,
    coalesce(skin_type.skin_type, 'not_recorded') as skin_type,
    case
        when moves.by_patient then 'patient'
        else coalesce(moves.sent_by_role, referral.sender_role, 'other')
    end as sent_by_role,
    cast(timezone('Europe/London', referral.sent_at) as date) + 90 as savings_day,
    coalesce(stage.spells_in_hand, 0) as spells_in_hand,
    coalesce(routing.routing_decisions, 0) as routing_decisions,
    coalesce(routing.fell_back, false) as fell_back,
    coalesce(lesion.how_many, 0) as lesions,
    coalesce(image.how_many, 0) as images,
    epoch(moves.answered_at - referral.sent_at) / 3600.0 as turnaround_hours,
    epoch(moves.claimed_at - referral.sent_at) / 3600.0 as hours_to_claim,
    case when moves.answered_at is not null then stage.hours_in_pool end as hours_in_pool,
    case when moves.answered_at is not null then stage.hours_in_hand end as hours_in_hand,
    case when moves.answered_at is not null then stage.hours_at_practice end
        as hours_at_practice,
    epoch(answer.acknowledged_at - moves.answered_at) / 3600.0 as hours_to_acknowledge,
    moves.answered_at <= referral.due_at as within_target,
    moves.withdrawn_at is null
    or moves.answered_at is not null
    or moves.withdrawn_at >= referral.due_at as fell_due,
    case when known.savings then referral.would_have_referred and not known.kept end as avoided,
    case when known.savings then not referral.would_have_referred and known.kept end as gained,
    case
        when referral.priority <> 'suspected_cancer' then null
        when seen.referral is not null then seen.told_day
        when not outcome.face_to_face
            then coalesce(
                cast(timezone('Europe/London', spared.since) as date), known.answered_day
            )
    end as diagnosis_day,
    coalesce(
        cast((practice.deprivation_decile + 1) // 2 as varchar), 'not_recorded'
    ) as deprivation,
    case when referral.language = 'English' then 'english' else 'other' end as language_group,
    case
        when routing.first_rule is null then 'not_recorded'
        else routing.first_pool || ':' || coalesce(decision.rule_class, 'other')
    end as way,
    coalesce(answer.first_outcome, 'not_recorded') as answer,
    coalesce(answer.first_group, 'other') as diagnosis
from referral
inner join moves on referral.referral = moves.referral
inner join known on referral.referral = known.referral
left join answer on referral.referral = answer.referral
left join mart.outcome as outcome on answer.outcome = outcome.outcome
left join mart.outcome as first_outcome on answer.first_outcome = first_outcome.outcome
left join seen on referral.referral = seen.referral
left join spared on referral.referral = spared.referral
left join step on referral.referral = step.referral
left join skin_type on referral.referral = skin_type.referral
left join lesion on referral.referral = lesion.referral
left join image on referral.referral = image.referral
left join stage on referral.referral = stage.referral
left join routing on referral.referral = routing.referral
left join feedback on referral.referral = feedback.referral
left join escalation on referral.referral = escalation.referral
left join mart.routing as decision
    on referral.referral = decision.referral and decision.number = 1
left join mart.practice as practice on referral.practice = practice.practice
