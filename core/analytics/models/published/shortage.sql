-- One row per audience, grade and fortnight of the newest plan: what one more minute would
-- save, in pence, over all sites by their minutes. Money, and nobody's.
-- Key: audience, grade, fortnight.
select
    audience.audience,
    short.grade,
    short.fortnight,
    round(
        case
            when sum(short.minutes) > 0
                then sum(short.pence_per_minute * short.minutes) / sum(short.minutes)
            else avg(short.pence_per_minute)
        end, 0
    ) as pence_per_minute
from plan_audience as audience
cross join raw_plan_shortage as short
group by all
