-- Counts of clinics that a measure counts as well, under another name: where
-- one is hidden the other has to be. Key: number, twin.
with same (clinic, measure, part) as (
    values
    ('due:all', 'due_visits', 'whole'),
    ('met:all', 'seen_in_time', 'part'),
    ('breached:all', 'seen_in_time', 'rest')
)

select
    clinic.number,
    measured.number as twin
from same
inner join counts as clinic on same.clinic = clinic.measure
inner join counts as measured
    on
        same.measure = measured.measure
        and same.part = measured.part
        and clinic.period = measured.period
        and clinic.audience = measured.audience
where
    clinic.practice = 'all'
    and clinic.dimension = 'all'
    and clinic.part = 'whole'
    and measured.practice = 'all'
    and measured.dimension = 'all'
