-- One row per referral, as models/marts/referral makes them. Key: referral.
with placed as (
    select
        drawn.*,
        practice.practice,
        practice.commissioner,
        practice.deprivation_decile,
        practice.number as practice_number,
        drawn.sent_local - to_hours(cast(is_summer(drawn.sent_local) as integer)) as sent_at,
        case
            when drawn.priority_drawn < 0.6 then 'routine'
            when drawn.priority_drawn < 0.72 then 'urgent'
            else 'suspected_cancer'
        end as priority
    from drawn
    inner join slot on drawn.slot = slot.slot
    inner join practice on slot.number = practice.number
),

moved as (
    select
        *,
        sent_at + to_microseconds(cast(hours_in_pool * 3600e6 as bigint)) as claimed_at,
        sent_at + to_microseconds(
            cast((hours_in_pool + hours_in_hand + hours_at_practice) * 3600e6 as bigint)
        ) as answered_at,
        sent_on
        + case when priority = 'routine' then 2 else 0 end
        + cast(ceil(hours_at_practice / 24) as integer)
        as due_on
    from placed
),

known as (
    select
        * replace (
            case when claimed_at < getvariable('until') and not withdrawn then claimed_at end
                as claimed_at,
            case when answered_at < getvariable('until') and not withdrawn then answered_at end
                as answered_at
        ),
        case when isodow(due_on) > 5 then due_on + 8 - cast(isodow(due_on) as integer) else due_on end
            as due_day,
        chosen(getvariable('groups'), draw(number, 12)) as first_group,
        chosen(getvariable('outcomes'), draw(number, 13)) as first_outcome,
        draw(number, 14) < 0.02 as amended
    from moved
),

answered as (
    select
        *,
        london_day(answered_at) as answered_day,
        sent_on + 90 as savings_day,
        case
            when draw(number, 15) < 0.45
                then case
                    when draw(number, 16) < 0.62 then first_group
                    else chosen(getvariable('groups'), draw(number, 17))
                end
        end as working_group,
        case when amended then chosen(getvariable('outcomes'), draw(number, 18)) else first_outcome end
            as outcome,
        case when draw(number, 19) < 0.94 then draw(number, 20) < 0.7 end as would_have_referred,
        draw(number, 21) < 0.7 as seen_here,
        cast(due_day as timestamp) + interval 1110 minute as due_local
    from known
),

ended as (
    select
        answered.*,
        outcome.face_to_face,
        first_outcome.face_to_face as first_face_to_face,
        answered.first_group in ('melanoma', 'other_skin_cancer') as cancer,
        coalesce(outcome.face_to_face and answered.seen_here, false) as needed,
        8 + cast(floor(60 * draw(answered.number, 22)) as integer) as days_to_visit
    from answered
    inner join mart.outcome as outcome on answered.outcome = outcome.outcome
    inner join mart.outcome as first_outcome on answered.first_outcome = first_outcome.outcome
),

made as (
    select
        number,
        needed and answered_at is not null as needed,
        answered_day + days_to_visit as visit_day,
        key_of(number) as referral,
        key_of(number + 1000000000) as patient,
        key_of(practice_number * 4 + cast(floor(4 * draw(number, 23)) as integer) + 2000000000)
            as referrer,
        case when answered_at is not null
            then key_of(cast(floor(40 * draw(number, 24)) as integer) + 3000000000) end as specialist,
        practice,
        commissioner,
        'dermatology' as specialty,
        case when practice_number % 3 = 0 then 'joint' else 'outsourced' end as service_model,
        case
            when answered_at is null then 'not_recorded'
            when practice_number % 3 = 0 and draw(number, 25) < 0.4 then 'local'
            else 'partner'
        end as pool,
        chosen(
            ['gp_face_to_face', 'gp_face_to_face', 'gp_remote', 'staff', 'stored_pictures',
                'not_recorded'],
            draw(number, 26)
        ) as route,
        chosen(['lesion', 'lesion', 'lesion', 'rash', 'rash', 'other'], draw(number, 27)) as problem,
        priority,
        would_have_referred,
        working_group,
        working_group in ('melanoma', 'other_skin_cancer') as working_cancer,
        case when draw(number, 28) < 0.87 then 'complete' else 'partial' end as image_set,
        chosen(
            ['0-17', '18-29', '30-49', '30-49', '50-64', '50-64', '65-74', '65-74', '75-84', '85+'],
            draw(number, 29)
        ) as age_band,
        case when draw(number, 30) < 0.54 then 'female' else 'male' end as sex,
        chosen(
            ['white', 'white', 'white', 'white', 'white', 'white', 'white', 'asian', 'black', 'mixed',
                'other', 'not_stated', 'not_recorded'],
            draw(number, 31)
        ) as ethnic_category,
        case when draw(number, 32) < 0.9 then 'English' else 'Polish' end as language,
        chosen(
            ['I', 'II', 'II', 'II', 'III', 'III', 'IV', 'V', 'VI', 'not_recorded'], draw(number, 33)
        ) as skin_type,
        case
            when withdrawn then 'withdrawn'
            when answered_at is not null then 'answered'
            else 'submitted'
        end as state,
        sent_at - interval 9 minute as started_at,
        sent_at,
        due_local - to_hours(cast(is_summer(due_local) as integer)) as due_at,
        claimed_at,
        answered_at,
        case when withdrawn then sent_at + interval 1 hour end as withdrawn_at,
        sent_on as sent_day,
        sent_on - cast(isodow(sent_on) - 1 as integer) as sent_week,
        date_trunc('month', sent_on) as sent_month,
        due_day,
        answered_day,
        date_trunc('month', answered_day) as answered_month,
        cast(hours_at_practice > 0 as bigint) as returned,
        cast(amended and answered_at is not null as bigint) as amended,
        case
            when practice_number % 3 > 0 then 'partner'
            when draw(number, 34) < 0.4 then 'local'
            else 'partner'
        end as first_pool,
        case
            when practice_number % 3 > 0 then 'outsourced'
            when draw(number, 34) < 0.4 then chosen(['first_pool', 'preference'], draw(number, 35))
            else chosen(['off_duty', 'overflow_queue', 'overflow_wait'], draw(number, 35))
        end as first_rule,
        case when answered_at is not null then outcome end as outcome,
        case when answered_at is not null then face_to_face end as face_to_face,
        case when answered_at is not null then first_group end as diagnosis_group,
        case when answered_at is not null then cancer end as remote_cancer,
        case when answered_at is not null then first_outcome end as first_outcome,
        case when answered_at is not null then first_face_to_face end as first_face_to_face,
        case when answered_at is not null then first_group end as first_group,
        case when answered_at is not null and draw(number, 36) < 0.3 then draw(number, 37) < 0.93 end
            as helpful,
        case when answered_at is not null and draw(number, 36) < 0.28 then draw(number, 38) < 0.81 end
            as instructive,
        case
            when answered_at is not null and draw(number, 39) < 0.8
                then answered_day + cast(floor(5 * draw(number, 40)) as integer)
        end as acknowledged_day,
        case
            when answered_at is not null and draw(number, 36) < 0.3
                then answered_day + cast(floor(9 * draw(number, 41)) as integer)
        end as marked_day,
        chosen(
            ['gp', 'gp', 'nurse', 'healthcare_assistant', 'practice_administrator', 'other'],
            draw(number, 42)
        ) as sent_by_role,
        savings_day,
        1 as spells_in_hand,
        1 as routing_decisions,
        draw(number, 43) < 0.06 as fell_back,
        1 as lesions,
        3 as images,
        epoch(answered_at - sent_at) / 3600.0 as turnaround_hours,
        epoch(claimed_at - sent_at) / 3600.0 as hours_to_claim,
        case when answered_at is not null then hours_in_pool end as hours_in_pool,
        case when answered_at is not null then hours_in_hand end as hours_in_hand,
        case when answered_at is not null then hours_at_practice end as hours_at_practice,
        case
            when answered_at is not null and draw(number, 39) < 0.8 then 120 * draw(number, 40)
        end as hours_to_acknowledge,
        not withdrawn or answered_at is not null as fell_due,
        answered_at <= due_local - to_hours(cast(is_summer(due_local) as integer)) as within_target,
        case
            when
                would_have_referred is not null
                and savings_day <= getvariable('last_day') and answered_day <= savings_day
                then would_have_referred and not (needed and answered_day + days_to_visit <= savings_day)
        end as avoided,
        case
            when
                would_have_referred is not null
                and savings_day <= getvariable('last_day') and answered_day <= savings_day
                then not would_have_referred and needed and answered_day + days_to_visit <= savings_day
        end as gained,
        case
            when priority <> 'suspected_cancer' or answered_day is null then null
            when not needed then answered_day
            when answered_day + days_to_visit <= getvariable('last_day') then answered_day + days_to_visit
        end as diagnosis_day,
        coalesce(cast((deprivation_decile + 1) // 2 as varchar), 'not_recorded') as deprivation,
        case when draw(number, 32) < 0.9 then 'english' else 'other' end as language_group
    from ended
)

select
    *,
    first_pool || ':' || class_of(first_rule) as way,
    coalesce(first_outcome, 'not_recorded') as answer,
    coalesce(first_group, 'other') as diagnosis
from made
