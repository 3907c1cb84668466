-- One row per patient who has, or had, to be seen in a clinic that is booked here.
with need as (
    select
        *,
        visit_day <= getvariable('last_day') and draw(number, 60) < 0.96 as seen,
        draw(number, 60) >= 0.96 as given_up,
        answered_day + case priority when 'routine' then 126 when 'urgent' then 28 else 14 end
            as see_by
    from drawn_referral
    where needed
)

select
    referral,
    case when seen then 'completed' when given_up then 'cancelled' else 'waiting' end as state,
    priority as urgency,
    'excision' as procedure,
    'simple' as complexity,
    'gpwer' as lowest_grade,
    20 as minutes,
    see_by,
    answered_at as arose_at,
    0 as misses,
    cast(visit_day as timestamp) + interval 10 hour as first_booked_at,
    case when seen then cast(visit_day as timestamp) + interval 10 hour end as seen_at,
    1 as appointments,
    case when given_up then cast(visit_day as timestamp) + interval 10 hour end as left_at,
    answered_day as arose_day,
    case when seen then visit_day end as seen_day,
    case when given_up then visit_day end as left_day,
    date_trunc('week', answered_day) as arose_week,
    case when seen or given_up then visit_day end as off_list_day,
    case when seen then (visit_day - answered_day) / 7.0 end as wait_weeks,
    (see_by - answered_day) / 7.0 as target_weeks,
    case when seen then visit_day <= see_by end as in_time,
    see_by <= getvariable('last_day') and not (seen and visit_day <= see_by) as breach
from need
