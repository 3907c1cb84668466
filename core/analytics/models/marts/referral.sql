-- One row per referral that was ever sent, withdrawn ones included.
-- Key: referral. referral, patient, referrer, specialist are keyed hashes.
-- priority: routine, urgent, suspected_cancer. Days, weeks (from Monday) and months are
-- London's. turnaround_hours runs on the wall clock, nights and weekends included, from
-- first sent to first answered; time that the practice took to answer a question back is
-- in it. within_target compares the first answer with the due time as it stands, which
-- starts anew when the practice answers a question back.
-- Invariants: started <= sent <= claimed <= answered <= closed; face_to_face and outcome
-- are null exactly where answered_at is.
with referral as (select * from raw_referral),

moves as (select * from stg_moves),

answer as (select * from stg_answer),

step as (select * from stg_step),

skin_type as (select * from raw_skin_type),

lesion as (select * from raw_lesion),

image as (select * from raw_image),

stage as (select * from stg_stage),

routing as (select * from stg_routing),

feedback as (select * from stg_feedback)

select
    referral.referral,
    referral.patient,
    referral.referrer,
    answer.specialist,
    referral.practice,
    referral.commissioner,
    referral.specialty,
    referral.service_model,
    answer.pool,
    referral.route,
    referral.problem,
    referral.priority,
    referral.offered_priority,
    referral.would_have_referred,
    referral.image_set,
    referral.age_band,
    referral.sex,
    referral.ethnic_category,
    referral.language,
    skin_type.skin_type,
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
    step.seconds_patient,
    step.seconds_problem,
    step.seconds_history,
    step.seconds_images,
    step.seconds_ask_and_send,
    step.seconds_to_send,
    answer.seconds_to_answer,
    feedback.helpful,
    feedback.instructive,
    cast(timezone('Europe/London', answer.acknowledged_at) as date) as acknowledged_day,
    cast(timezone('Europe/London', feedback.marked_at) as date) as marked_day,
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
    moves.answered_at <= referral.due_at as within_target
from referral
inner join moves on referral.referral = moves.referral
left join answer on referral.referral = answer.referral
left join mart.outcome as outcome on answer.outcome = outcome.outcome
left join step on referral.referral = step.referral
left join skin_type on referral.referral = skin_type.referral
left join lesion on referral.referral = lesion.referral
left join image on referral.referral = image.referral
left join stage on referral.referral = stage.referral
left join routing on referral.referral = routing.referral
left join feedback on referral.referral = feedback.referral
