-- What outcomes are called, and whether the patient is seen, in their order.
select
    outcome,
    label,
    face_to_face
from outcome
order by place
