-- One row per answered referral, by the day of its first answer. Key: referral.
-- part: that answer asks for no visit face to face.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as amount,
    cast(not first_face_to_face as integer) as part
from referral_row
where answered_day is not null
