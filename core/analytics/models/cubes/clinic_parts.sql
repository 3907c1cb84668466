-- Which counts of clinics add up to which. Key: axis, parent, child.
with cut as (
    -- Each count for all is the sum over grades, urgencies or groups.
    select
        measure,
        grade as part
    from grade
    cross join unnest(['arose', 'booked', 'used', 'unused', 'queue']) as counted (measure)
    union all
    select
        counted.measure,
        urgency.part
    from unnest(['routine', 'urgent', 'suspected_cancer']) as urgency (part)
    cross join
        unnest(
            ['called', 'seen', 'missed', 'in_time', 'late', 'due', 'met', 'breached']
        ) as counted (measure)
),

known as (
    select distinct
        split_part(measure, ':', 1) as measure,
        split_part(measure, ':', 2) as part
    from clinic_counts
    where measure not like 'plan:%'
),

-- Within one part, what a count is made of.
made_of (axis, parent, child) as (
    values
    ('second measure', 'booked', 'used'),
    ('second measure', 'booked', 'unused'),
    ('second measure', 'called', 'seen'),
    ('second measure', 'called', 'missed'),
    ('second measure', 'seen', 'in_time'),
    ('second measure', 'seen', 'late'),
    ('second measure', 'due', 'met'),
    ('second measure', 'due', 'breached')
)

select
    'measure' as axis,
    measure || ':all' as parent,
    measure || ':' || part as child
from cut
where part <> 'all'
union all
select
    made_of.axis,
    made_of.parent || ':' || known.part as parent,
    made_of.child || ':' || known.part as child
from made_of
inner join known on made_of.parent = known.measure
union all
select
    'measure' as axis,
    'plan:' || way || ':late' as parent,
    'plan:' || way || ':' || measure as child
from raw_plan_count
where measure like 'late:%'
