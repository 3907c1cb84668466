-- One row per audience and grade of the newest plan: what a session more each week would
-- save over the days planned, in pence; 0 where nothing. Key: audience, grade.
select
    audience.audience,
    extra.grade,
    max(extra.saved_pence) as saved_pence
from plan_audience as audience
cross join raw_plan_extra as extra
group by all
