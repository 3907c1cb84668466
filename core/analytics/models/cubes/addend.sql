-- Which counts add up to which: one row for each part of each whole.
-- Key: axis, parent, child. Along every axis the parts of a whole are complete.
with count as (select * from counts),

period_part as (
    select
        whole.period as parent,
        part.period as child
    from mart.period as whole
    inner join mart.period as part
        on
            part.first_day between whole.first_day and whole.last_day
            and part.kind = case whole.kind when 'quarter' then 'month' else 'quarter' end
    where whole.kind not in ('week', 'month')
    union all
    select
        whole.period as parent,
        part.period as child
    from span as whole
    inner join span as part
        on part.first_day between whole.first_day and whole.last_day
    where whole.whole and not part.whole
),

-- Where the smaller cells are published, too: a practice has no months, for instance.
by_period as (
    select
        'period' as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join period_part on whole.period = period_part.parent
    inner join count as part
        on
            period_part.child = part.period
            and whole.audience = part.audience
            and whole.practice = part.practice
            and whole.dimension = part.dimension
            and whole.category = part.category
            and whole.measure = part.measure
            and whole.part = part.part
),

common as (
    select
        number,
        of_week as period,
        audience,
        measure,
        part
    from count
    where of_week is not null
    union all
    select
        number,
        of_month as period,
        audience,
        measure,
        part
    from count
    where of_month is not null
),

by_overlap as (
    select
        'overlap' as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join common as part
        on
            whole.period = part.period
            and whole.audience = part.audience
            and whole.measure = part.measure
            and whole.part = part.part
    where whole.practice = 'all' and whole.dimension = 'all'
),

by_part as (
    select
        'part ' || part.measure as axis,
        whole.number as parent,
        part.number as child
    from count as part
    inner join measure on part.measure = measure.measure
    inner join count as whole
        on
            measure.base = whole.measure
            and whole.part = 'whole'
            and part.period = whole.period
            and part.audience = whole.audience
            and part.practice = whole.practice
            and part.dimension = whole.dimension
            and part.category = whole.category
    where part.part in ('part', 'rest')
),

-- Every answer and every visit has a time limit. Every weblink ends in one of four ways; who
-- begins has opened it, and who finishes, or is refused, has begun.
limit_part (parent, parent_part, child, child_part) as (
    values
    ('limits', 'whole', 'due', 'whole'),
    ('limits', 'whole', 'due_visits', 'whole'),
    ('breaches', 'part', 'answered_in_time', 'part'),
    ('breaches', 'part', 'seen_in_time', 'part'),
    ('links_sent', 'whole', 'links_finished', 'part'),
    ('links_sent', 'whole', 'links_refused', 'rest'),
    ('links_sent', 'whole', 'links_cancelled', 'rest'),
    ('links_sent', 'whole', 'links_unanswered', 'rest'),
    ('links_opened', 'part', 'links_begun', 'part'),
    ('links_opened', 'part', 'links_opened', 'lost'),
    ('links_begun', 'part', 'links_finished', 'part'),
    ('links_begun', 'part', 'links_refused', 'rest'),
    ('links_begun', 'part', 'links_begun', 'lost')
),

by_limit as (
    select
        'limit' as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join limit_part
        on whole.measure = limit_part.parent and whole.part = limit_part.parent_part
    inner join count as part
        on
            limit_part.child = part.measure
            and limit_part.child_part = part.part
            and whole.period = part.period
            and whole.audience = part.audience
            and whole.practice = part.practice
            and whole.dimension = part.dimension
            and whole.category = part.category
),

by_clinic as (
    select
        clinic_parts.axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join clinic_parts on whole.measure = clinic_parts.parent
    inner join count as part
        on
            clinic_parts.child = part.measure
            and whole.period = part.period
            and whole.audience = part.audience
),

by_audience as (
    select
        'audience' as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join count as part
        on
            whole.period = part.period
            and whole.practice = part.practice
            and whole.dimension = part.dimension
            and whole.category = part.category
            and whole.measure = part.measure
            and whole.part = part.part
    where
        whole.audience = 'all'
        and part.audience <> 'all'
        -- Whoever is seen in sessions that two commissioners pay for counts for both.
        and split_part(whole.measure, ':', 1) not in ('booked', 'used', 'unused')
),

by_practice as (
    select
        'practice' as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join count as part
        on
            whole.period = part.period
            and whole.audience = part.audience
            and whole.measure = part.measure
            and whole.part = part.part
    where whole.practice = 'all' and whole.dimension = 'all' and part.practice <> 'all'
),

by_category as (
    select
        part.dimension as axis,
        whole.number as parent,
        part.number as child
    from count as whole
    inner join count as part
        on
            whole.period = part.period
            and whole.audience = part.audience
            and whole.measure = part.measure
            and whole.part = part.part
    where whole.practice = 'all' and whole.dimension = 'all' and part.dimension <> 'all'
),

-- One count under two names: a sum of one part.
by_twin as (
    select
        'twin' as axis,
        number as parent,
        twin as child
    from twin
),

in_time as (
    select * from by_period
    union all
    select * from by_overlap
),

-- What lies in part before the first day of service is not published, but is the sum of
-- parts that are. A small one would make its parts look as if under a hidden whole, so they
-- stand for it wherever it is a part; a year's may be a quarter's that they stand for, too.
stand_in as (
    select
        in_time.parent as number, -- noqa: RF04
        in_time.child
    from in_time
    inner join count as whole on in_time.parent = whole.number
    where not whole.begun and whole.exact between 1 and 7
),

all_stand_in as (
    select
        one.number,
        coalesce(finer.child, one.child) as child
    from stand_in as one
    left join stand_in as finer on one.child = finer.number
),

every as (
    select * from in_time
    where parent not in (select stand_in.number from stand_in)
    union all
    select * from by_part
    union all
    select * from by_limit
    union all
    select * from by_clinic
    union all
    select * from by_audience
    union all
    select * from by_practice
    union all
    select * from by_category
    union all
    select * from by_twin
)

select
    every.axis,
    every.parent,
    coalesce(finer.child, every.child) as child
from every
inner join count as whole on every.parent = whole.number
left join all_stand_in as finer on every.child = finer.number and whole.begun
