-- One row per referral.
select * exclude (number, needed, visit_day)
from drawn_referral
