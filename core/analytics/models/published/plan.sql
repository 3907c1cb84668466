-- One row per audience of the newest clinic plan: when it was made, and what for.
-- Key: audience.
select
    audience.audience,
    plan.first_day,
    plan.horizon_days,
    cast(timezone('Europe/London', plan.made_at) as date) as made_day
from plan_audience as audience
cross join raw_plan as plan
