-- Exactly whom the newest plan sees too late or nowhere, and whom first come, first served
-- would. Key: period, audience, measure. period: the plan itself; what is published of one
-- stays. measure: plan:<way>:late:<urgency>, which add up to
-- plan:<way>:late; plan:<way>:unplaced, plan:<way>:impossible.
with every as (
    select
        way,
        measure,
        people
    from raw_plan_count
    union all
    select
        way,
        'late' as measure,
        sum(people) as people
    from raw_plan_count
    where measure like 'late:%'
    group by way
)

select
    audience.audience,
    cast(every.people as bigint) as exact,
    'plan:' || strftime(plan.made_at, '%Y-%m-%d %H:%M:%S') as period,
    'plan:' || every.way || ':' || every.measure as measure
from plan_audience as audience
cross join raw_plan as plan
cross join every
