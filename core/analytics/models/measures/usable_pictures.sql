-- One row per referral and kind of device, by the day of sending. Key: referral, device.
-- whole: pictures; part: those that no specialist marked as unusable.
select
    referral_row.* replace (picture.device as device),
    referral_row.sent_day as counted_on,
    picture.pictures as whole,
    null as amount,
    picture.pictures - picture.unusable as part
from mart.picture as picture
inner join referral_row on picture.referral = referral_row.referral
