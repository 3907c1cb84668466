-- One row per referral and kind of device, by the day of sending. Key: referral, device.
-- whole: pictures; part: those that no specialist marked as unusable.
select
    picture.*,
    picture.sent_day as counted_on,
    picture.pictures as whole,
    null as amount,
    picture.pictures - picture.unusable as part
from mart.picture as picture
