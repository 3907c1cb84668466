-- One row per weblink that was ever sent, whether its referral was sent or not.
-- Key: referral. The number is that of the referral, should that cross as well. Of the birth
-- date the band of the age crosses, at the day of sending in London.
with sent as (
    select
        *,
        cast(timezone('Europe/London', sent_at) as date) as sent_day
    from came
),

aged as (
    select
        *,
        year(sent_day) - year(born) - cast(
            month(sent_day) * 100 + day(sent_day) < month(born) * 100 + day(born) as integer
        ) as age
    from sent
)

select
    practice,
    commissioner,
    service_model,
    priority,
    state,
    link_way,
    link_language,
    sent_at,
    opened_at,
    verified_at,
    finished_at,
    stopped_at,
    stopped_for,
    cancelled_at,
    expired_at,
    reminders,
    sex,
    ethnic_category,
    language,
    pseudonym('referral', referral) as referral,
    case
        when age >= 85 then '85+'
        when age >= 75 then '75-84'
        when age >= 65 then '65-74'
        when age >= 50 then '50-64'
        when age >= 30 then '30-49'
        when age >= 18 then '18-29'
        else '0-17'
    end as age_band
from aged
