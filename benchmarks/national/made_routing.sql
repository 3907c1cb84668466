-- One row per routing decision: when it was sent, and when nobody had taken it.
select
    referral,
    1 as number,
    sent_at as moment,
    first_pool as pool,
    first_rule as rule,
    sent_day as decided_day,
    sent_month as decided_month,
    class_of(first_rule) as rule_class
from drawn_referral
union all
select
    referral,
    2 as number,
    sent_at + interval 1 day as moment,
    'partner' as pool,
    'fallback' as rule,
    sent_day + 1 as decided_day,
    date_trunc('month', sent_day + 1) as decided_month,
    'fallback' as rule_class
from drawn_referral
where fell_back
