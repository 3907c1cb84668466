-- One row per kind of answer. Key: outcome.
select
    outcome,
    label,
    face_to_face,
    place
from mart.outcome
