-- One row per diagnosis group. Key: diagnosis_group.
select
    diagnosis_group,
    place
from mart.diagnosis_group
