-- One row per audience and measure of the newest plan: how many people, as it plans and as
-- first come, first served would; null is hidden. measure: late, late:<urgency>, unplaced,
-- impossible. period: the plan itself. Key: audience, measure.
select
    period,
    audience,
    regexp_replace(measure, '^plan:[a-z_]+:', '') as measure,
    max(shown) filter (where measure like 'plan:planned:%') as planned,
    max(shown) filter (where measure like 'plan:first_come:%') as first_come
from disclosed
where measure like 'plan:%'
group by period, audience, regexp_replace(measure, '^plan:[a-z_]+:', '')
