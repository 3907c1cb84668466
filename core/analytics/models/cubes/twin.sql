-- Counts of clinics that a measure counts as well, under another name: where one is hidden
-- the other has to be. Key: number, twin.
with same (clinic, measure, part) as (
    values
    ('due', 'due_visits', 'whole'),
    ('met', 'seen_in_time', 'part'),
    ('breached', 'seen_in_time', 'rest'),
    ('found', 'visits', 'whole'),
    ('same', 'clinic_agrees', 'part'),
    ('differs', 'clinic_agrees', 'rest'),
    ('histology', 'histology', 'whole'),
    ('confirmed', 'histology_agrees', 'part'),
    ('changed', 'histology_agrees', 'rest')
),

-- Both have all together; what was found is told by the pictures' diagnosis as well.
measured as (
    select
        number,
        period,
        audience,
        measure,
        part,
        category
    from counts
    where practice = 'all' and dimension in ('all', 'diagnosis')
)

select
    clinic.number,
    measured.number as twin
from same
inner join counts as clinic on same.clinic = split_part(clinic.measure, ':', 1)
inner join measured
    on
        same.measure = measured.measure
        and same.part = measured.part
        and split_part(clinic.measure, ':', 2) = measured.category
        and clinic.period = measured.period
        and clinic.audience = measured.audience
