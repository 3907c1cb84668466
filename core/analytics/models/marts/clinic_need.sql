-- One row per clinic need: somebody who has, or had, to be seen face to face.
-- Key: referral. state: waiting, booked, attended, not_attended, completed, cancelled.
-- urgency: the outcome's where it says one, else the referral's priority. lowest_grade:
-- whoever sees them has this one or a more senior one. see_by: the last day in time.
-- left_at: when they left the list without having been seen: cancelled, or missed so often
-- that the practice decides. wait_weeks runs from the answer to the visit; target_weeks to
-- the end of see_by. in_time: seen by see_by; null where never seen. breach: see_by is over,
-- and they were on the list for longer.
-- What it can be counted by stands here as in mart.referral.
-- Invariants: arose <= first booked <= ...; seen_at exactly where state is completed.
with need as (select * from raw_clinic_need),

visit as (select * from stg_visit),

step as (select * from stg_need_step),

dated as (
    select
        need.referral,
        need.state,
        need.urgency,
        need.procedure,
        need.complexity,
        need.lowest_grade,
        need.minutes,
        need.see_by,
        need.arose_at,
        need.misses,
        visit.first_booked_at,
        visit.seen_at,
        coalesce(visit.appointments, 0) as appointments,
        case need.state
            when 'cancelled' then step.cancelled_at
            when 'not_attended' then step.missed_at
        end as left_at
    from need
    left join visit on need.referral = visit.referral
    left join step on need.referral = step.referral
),

in_days as (
    select
        *,
        cast(timezone('Europe/London', arose_at) as date) as arose_day,
        cast(timezone('Europe/London', seen_at) as date) as seen_day,
        cast(timezone('Europe/London', left_at) as date) as left_day
    from dated
)

select
    in_days.*,
    referral.commissioner,
    referral.practice,
    referral.specialty,
    referral.service_model,
    referral.pool,
    referral.route,
    referral.problem,
    referral.priority,
    referral.age_band,
    referral.sex,
    referral.ethnic_category,
    referral.skin_type,
    referral.sent_by_role,
    referral.deprivation,
    referral.language_group,
    referral.way,
    referral.answer,
    referral.diagnosis,
    cast(date_trunc('week', in_days.arose_day) as date) as arose_week,
    coalesce(in_days.seen_day, in_days.left_day) as off_list_day,
    epoch(in_days.seen_at - in_days.arose_at) / 604800.0 as wait_weeks,
    (in_days.see_by - in_days.arose_day) / 7.0 as target_weeks,
    in_days.seen_day <= in_days.see_by as in_time,
    in_days.see_by <= shot.last_day
    and coalesce(coalesce(in_days.seen_day, in_days.left_day) > in_days.see_by, true) as breach
from in_days
cross join stg_snapshot as shot
inner join mart.referral as referral on in_days.referral = referral.referral
