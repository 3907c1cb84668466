-- Counts of clinics that a measure counts as well, under another name: where one is hidden
-- the other has to be. Key: number, twin.
with same (clinic, measure, part) as (
    values
    ('due:all', 'due_visits', 'whole'),
    ('met:all', 'seen_in_time', 'part'),
    ('breached:all', 'seen_in_time', 'rest'),
    ('found:all', 'visits', 'whole'),
    ('same:all', 'clinic_agrees', 'part'),
    ('differs:all', 'clinic_agrees', 'rest'),
    ('histology:all', 'histology', 'whole'),
    ('confirmed:all', 'histology_agrees', 'part'),
    ('changed:all', 'histology_agrees', 'rest')
)

select
    clinic.number,
    measure.number as twin
from same
inner join counts as clinic on same.clinic = clinic.measure
inner join counts as measure
    on
        same.measure = measure.measure
        and same.part = measure.part
        and clinic.period = measure.period
        and clinic.audience = measure.audience
where measure.practice = 'all' and measure.dimension = 'all'
