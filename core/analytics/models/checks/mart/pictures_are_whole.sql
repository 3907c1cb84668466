-- Pictures of no referral, of a kind of device that no chart has a place for, more called
-- unusable than there are, or another number than the referral has.
select picture.referral
from mart.picture as picture
left join mart.referral as referral on picture.referral = referral.referral
where
    referral.referral is null
    or picture.device not in ('dermatoscope', 'camera', 'patient', 'stored')
    or picture.pictures < 1
    or picture.unusable not between 0 and picture.pictures
union all
select picture.referral
from mart.picture as picture
group by picture.referral, picture.device
having count(*) > 1
union all
select referral.referral
from mart.referral as referral
left join mart.picture as picture on referral.referral = picture.referral
group by referral.referral, referral.images
having coalesce(sum(picture.pictures), 0) <> referral.images
