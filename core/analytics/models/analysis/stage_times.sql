-- Hours by stage and priority. Numerator: none; n: answered referrals, at_practice: of those
-- the returned ones, to_acknowledge: the acknowledged ones. Percentiles interpolate.
with stage as (
    select
        priority,
        hours_to_claim as to_claim,
        hours_in_pool as in_pool,
        hours_in_hand as in_hand,
        hours_to_acknowledge as to_acknowledge,
        turnaround_hours as turnaround,
        case when returned > 0 then hours_at_practice end as at_practice
    from referral
    where answered_at is not null
),

spell as (
    unpivot stage
    on to_claim, in_pool, in_hand, at_practice, turnaround, to_acknowledge
    into name stage value hours
)

select
    stage,
    coalesce(priority, 'all') as priority,
    count(*) as n,
    quantile_cont(hours, 0.5) as median,
    quantile_cont(hours, 0.9) as p90
from spell
group by grouping sets ((stage), (priority, stage))
order by coalesce(priority, 'all'), list_position(
    ['to_claim', 'in_pool', 'in_hand', 'at_practice', 'turnaround', 'to_acknowledge'], stage
)
