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
    where whole.kind <> 'month'
    union all
    select
        'last_13_weeks' as parent,
        period as child
    from mart.week
),

-- Second reads are cut in two ways, each of which is complete: each is an axis.
measure_part as (
    select
        'measure' as axis,
        'answered' as parent,
        'outcome:' || outcome as child
    from mart.outcome
    union all
    select
        'measure' as axis,
        'without_visit' as parent,
        'outcome:' || outcome as child
    from mart.outcome
    where not face_to_face
    union all
    select distinct
        'measure' as axis,
        'sent' as parent,
        measure as child
    from routed
    where measure like 'routed:%'
    union all
    select
        if(question = 'outcome', 'second measure', 'measure') as axis,
        if(question in ('group', 'outcome'), 'said:reading', 'said:' || question) as parent,
        said || question as child
    from unnest(['helpful', 'instructive', 'group', 'outcome']) as asked (question)
    cross join unnest(['yes:', 'no:']) as answered (said)
    union all
    select * from clinic_parts
)

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
        and whole.priority = part.priority
        and whole.measure = part.measure
union all
select
    measure_part.axis,
    whole.number as parent,
    part.number as child
from count as whole
inner join measure_part on whole.measure = measure_part.parent
inner join count as part
    on
        measure_part.child = part.measure
        and whole.period = part.period
        and whole.audience = part.audience
        and whole.practice = part.practice
        and whole.priority = part.priority
union all
select
    'audience' as axis,
    whole.number as parent,
    part.number as child
from count as whole
inner join count as part
    on
        whole.period = part.period
        and whole.practice = part.practice
        and whole.priority = part.priority
        and whole.measure = part.measure
where
    whole.audience = 'all'
    and part.audience <> 'all'
    -- Whoever is seen in sessions that two commissioners pay for counts for both.
    and split_part(whole.measure, ':', 1) not in ('booked', 'used', 'unused')
union all
select
    'practice' as axis,
    whole.number as parent,
    part.number as child
from count as whole
inner join count as part
    on
        whole.period = part.period
        and whole.audience = part.audience
        and whole.priority = part.priority
        and whole.measure = part.measure
where whole.practice = 'all' and part.practice <> 'all'
union all
select
    'priority' as axis,
    whole.number as parent,
    part.number as child
from count as whole
inner join count as part
    on
        whole.period = part.period
        and whole.audience = part.audience
        and whole.practice = part.practice
        and whole.measure = part.measure
where whole.priority = 'all' and part.priority <> 'all'
