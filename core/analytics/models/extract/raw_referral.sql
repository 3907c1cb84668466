-- One row per sent referral. Key: referral. Of the birth date the band of the age crosses,
-- at the day of sending in London; of the working diagnosis what it counts as, where the
-- words are exactly one of the specialty's list.
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
    known.number as referral,
    aged.practice,
    aged.commissioner,
    aged.specialty,
    aged.service_model,
    aged.route,
    aged.problem,
    aged.priority,
    aged.offered_priority,
    aged.would_have_referred,
    meaning.diagnosis_group as working_group,
    meaning.cancer as working_cancer,
    aged.image_set,
    aged.state,
    aged.sender_role,
    aged.started_at,
    aged.sent_at,
    aged.due_at,
    aged.sex,
    aged.ethnic_category,
    aged.language,
    pseudonym('patient', aged.patient) as patient,
    pseudonym('person', aged.referrer) as referrer,
    case
        when aged.age >= 85 then '85+'
        when aged.age >= 75 then '75-84'
        when aged.age >= 65 then '65-74'
        when aged.age >= 50 then '50-64'
        when aged.age >= 30 then '30-49'
        when aged.age >= 18 then '18-29'
        else '0-17'
    end as age_band
from aged
inner join held.known_referral as known on cast(aged.referral as uuid) = known.id
left join held.known_word as meaning
    on aged.specialty = meaning.specialty and aged.working = meaning.word
