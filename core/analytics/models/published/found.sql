-- One row per period, audience and diagnosis group of the pictures: seen face to face, of
-- those found to be of the same group, with histology, confirmed by it; null is hidden.
-- Key: period, audience, diagnosis_group.
select
    period,
    audience,
    split_part(measure, ':', 2) as diagnosis_group,
    max(shown) filter (where measure like 'found:%') as found,
    max(shown) filter (where measure like 'same:%') as same,
    max(shown) filter (where measure like 'histology:%') as histology,
    max(shown) filter (where measure like 'confirmed:%') as confirmed
from disclosed
where split_part(measure, ':', 1) in ('found', 'same', 'histology', 'confirmed')
group by all
