-- One row per audience and grade of the newest plan: what one more session would save, in
-- pence: the best of those worked out. Key: audience, grade.
select
    audience.audience,
    extra.grade,
    max(extra.pence) as pence
from plan_audience as audience
cross join raw_plan_extra as extra
group by all
