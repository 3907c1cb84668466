-- One row per kind of answer, as the specialty files list them.
-- Key: outcome. Where two specialties share a code, the first one's label holds.
select
    outcome,
    arg_min(label, specialty) as label, -- noqa: RF04
    arg_min(face_to_face, specialty) as face_to_face,
    min(place) as place
from raw_outcome
group by outcome
