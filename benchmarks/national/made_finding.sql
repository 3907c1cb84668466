-- One row per visit with findings; a third of them went to histology.
with visit as (
    select
        drawn.*,
        need.seen_day,
        case
            when draw(drawn.number, 70) < 0.74 then drawn.diagnosis_group
            else chosen(getvariable('groups'), draw(drawn.number, 71))
        end as found_group,
        draw(drawn.number, 72) < 0.33 as histology_sent
    from drawn_referral as drawn
    inner join mart.clinic_need as need on drawn.referral = need.referral
    where need.seen_day is not null
),

told as (
    select
        *,
        case
            when histology_sent and draw(number, 73) < 0.95
                then case
                    when draw(number, 74) < 0.8 then found_group
                    else chosen(getvariable('groups'), draw(number, 75))
                end
        end as histology_group
    from visit
)

select
    referral,
    key_of(number + 4000000000) as appointment,
    'probable' as certainty,
    'excision' as procedure,
    histology_sent,
    cast(seen_day as timestamp) + interval 10 hour as found_at,
    case when histology_group is not null then cast(seen_day as timestamp) + interval 8 day end
        as histology_at,
    seen_day,
    histology_group,
    case
        when histology_group is not null then seen_day + 8
        when not histology_sent then seen_day
    end as known_day,
    false as corrected,
    diagnosis_group as remote_group,
    found_group,
    coalesce(histology_group, found_group) as true_group,
    diagnosis_group = coalesce(histology_group, found_group) as same_group,
    diagnosis_group = histology_group as confirmed,
    coalesce(histology_group, found_group) in ('melanoma', 'other_skin_cancer') as cancer
from told
