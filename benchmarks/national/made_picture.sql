-- One row per referral and kind of device.
select
    referral,
    'camera' as device,
    2 as pictures,
    cast(draw(number, 50) < 0.06 as bigint) as unusable
from drawn_referral
union all
select
    referral,
    'dermatoscope' as device,
    1 as pictures,
    cast(draw(number, 51) < 0.04 as bigint) as unusable
from drawn_referral
where draw(number, 52) < 0.62
union all
select
    referral,
    case when draw(number, 53) < 0.5 then 'stored' else 'patient' end as device,
    1 + cast(floor(3 * draw(number, 54)) as bigint) as pictures,
    cast(draw(number, 55) < 0.14 as bigint) as unusable
from drawn_referral
where draw(number, 56) < 0.15
