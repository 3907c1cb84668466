-- One row per group that diagnoses count in, in the order of the specialty files; other
-- for what no list of ours has. Key: diagnosis_group.
select
    diagnosis_group,
    place
from raw_diagnosis_group
union all
select
    'other' as diagnosis_group,
    count(*) as place
from raw_diagnosis_group
