-- One row per weblink that was ever sent to a patient, whether its referral was sent or not.
-- Key: referral: one that was sent has the same number in mart.referral.
-- link_way: email, text, printed, code, the last that was used. link_language: of the pages.
-- sent_at, opened_at, begun_at (the date of birth was right), finished_at, stopped_at,
-- cancelled_at, expired_at: each the first time. stopped_for: why it was first stopped:
-- declined, not_me, under_age, red_flag_999, red_flag_111, intimate, too_many_lesions.
-- reminders: since it was last sent. escalated_at: when somebody was first told that it went
-- unanswered, or that nobody had looked at what came of it. limit_day: 14 days after it was
-- sent. Once that is over:
-- result: what had become of it by then: finished, else refused (stopped), else cancelled
-- (by the practice), else unanswered; open before. refusal: why it was refused (red_flag: a
-- warning sign of either kind), else none.
-- opened_in_time, begun_in_time, escalated_in_time: by that day; who begins has opened, and
-- so on. hours_ run on the wall clock from when it was first sent. Days are London's.
-- What it can be counted by stands here as in mart.referral; age_band is that at sending, and
-- priority what the practice chose, unless what the patient said earned another. skin_type is
-- known of those only that were sent.
with escalation as (
    select
        referral,
        min(raised_at) as escalated_at
    from mart.escalation
    where loop in ('unanswered_link', 'unreviewed')
    group by referral
),

moved as (
    select
        came.referral,
        came.practice,
        came.commissioner,
        came.service_model,
        came.priority,
        came.state,
        came.link_way,
        came.link_language,
        came.sent_at,
        came.verified_at as begun_at,
        came.finished_at,
        came.stopped_at,
        came.stopped_for,
        came.cancelled_at,
        came.expired_at,
        came.reminders,
        came.age_band,
        came.sex,
        came.language,
        escalation.escalated_at,
        cast(timezone('Europe/London', came.sent_at) as date) as sent_day,
        least(came.opened_at, came.verified_at) as opened_at,
        coalesce(came.ethnic_category, 'not_recorded') as ethnic_category
    from raw_invitation as came
    left join escalation on came.referral = escalation.referral
),

in_days as (
    select
        *,
        cast(timezone('Europe/London', opened_at) as date) as opened_day,
        cast(timezone('Europe/London', begun_at) as date) as begun_day,
        cast(timezone('Europe/London', finished_at) as date) as finished_day,
        cast(timezone('Europe/London', stopped_at) as date) as stopped_day,
        cast(timezone('Europe/London', cancelled_at) as date) as cancelled_day,
        cast(timezone('Europe/London', escalated_at) as date) as escalated_day,
        sent_day + 14 as limit_day
    from moved
),

known as (
    select
        in_days.*,
        case
            when in_days.limit_day > shot.last_day then 'open'
            when in_days.finished_day <= in_days.limit_day then 'finished'
            when in_days.stopped_day <= in_days.limit_day then 'refused'
            when in_days.cancelled_day <= in_days.limit_day then 'cancelled'
            else 'unanswered'
        end as result -- noqa: RF04
    from in_days
    cross join stg_snapshot as shot
)

select
    known.*,
    'patient' as sent_by_role,
    coalesce(
        cast((practice.deprivation_decile + 1) // 2 as varchar), 'not_recorded'
    ) as deprivation,
    coalesce(skin_type.skin_type, 'not_recorded') as skin_type,
    case when known.language = 'English' then 'english' else 'other' end as language_group,
    case
        when known.result <> 'refused' then 'none'
        when known.stopped_for in ('red_flag_999', 'red_flag_111') then 'red_flag'
        else known.stopped_for
    end as refusal,
    coalesce(known.opened_day <= known.limit_day, false) as opened_in_time,
    coalesce(known.begun_day <= known.limit_day, false) as begun_in_time,
    coalesce(known.escalated_day <= known.limit_day, false) as escalated_in_time,
    epoch(known.opened_at - known.sent_at) / 3600.0 as hours_to_open,
    epoch(known.finished_at - known.sent_at) / 3600.0 as hours_to_finish
from known
left join mart.practice as practice on known.practice = practice.practice
left join raw_skin_type as skin_type on known.referral = skin_type.referral
