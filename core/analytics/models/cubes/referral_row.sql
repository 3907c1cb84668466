-- One row per referral with the words it can be counted by. Key: referral.
-- device: filled in by whatever counts pictures.
select
    *, -- noqa: AM04
    cast(null as varchar) as device
from mart.referral
