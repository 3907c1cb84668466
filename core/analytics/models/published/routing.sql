-- One row per period, audience, pool and rule class: how many referrals came to the pool
-- so, of how many sent; null is hidden. Key: all four. Pool and class are none where no
-- decision was kept; fallback counts moves by their own day, beside the others.
select
    part.period,
    part.audience,
    part.shown as referrals,
    whole.shown as sent,
    split_part(part.measure, ':', 2) as pool,
    split_part(part.measure, ':', 3) as rule_class
from disclosed as part
inner join disclosed as whole
    on
        part.period = whole.period
        and part.audience = whole.audience
        and part.practice = whole.practice
        and part.priority = whole.priority
where
    (part.measure like 'routed:%' or part.measure like 'moved:%')
    and whole.measure = 'sent'
