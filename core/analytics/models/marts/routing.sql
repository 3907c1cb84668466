-- One row per routing decision. Key: referral, number.
-- rule: the policy rule that decided, as core.contracts.words.RULES lists them, or other.
-- rule_class: sole (nothing to choose: outsourced, or one pool), preference (a
-- sub-specialty), off_duty, full (daily number, or overflow), first, fallback (nobody took
-- it in time), back (to whoever had asked the practice), other. Numbers run from 1 without
-- a gap; months and days are London's.
select
    referral,
    number,
    moment,
    pool,
    rule,
    cast(timezone('Europe/London', moment) as date) as decided_day,
    cast(date_trunc('month', timezone('Europe/London', moment)) as date) as decided_month,
    case
        when rule in ('outsourced', 'only_pool') then 'sole'
        when rule in ('daily_number', 'overflow_queue', 'overflow_wait') then 'full'
        when rule = 'first_pool' then 'first'
        when rule = 'back_to_asker' then 'back'
        else rule
    end as rule_class
from raw_routing
