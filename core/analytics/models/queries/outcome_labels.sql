-- What outcomes are called, and whether the patient is seen, in their order; any audience.
select
    outcome,
    label,
    face_to_face
from outcome
where $1 <> ''
order by place
