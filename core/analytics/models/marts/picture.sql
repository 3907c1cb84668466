-- One row per sent referral and kind of device that took pictures of it, as far as these
-- were not taken off again. Key: referral, device.
-- device: dermatoscope (a view that needs one, however it came), camera (taken while the
-- patient was there), patient (the patient took it and sent it to the GP), stored (any
-- other file). unusable: of these pictures, those that a specialist calls unusable now; a
-- mark that was taken back does not count.
select
    referral,
    device,
    cast(sum(pictures) as bigint) as pictures,
    cast(sum(unusable) as bigint) as unusable
from raw_picture
group by referral, device
