-- One row per cell and kind of answer, and how many were answered so; null is hidden.
-- Key: period, audience, practice, priority, outcome.
select
    part.period,
    part.audience,
    part.practice,
    part.priority,
    part.shown as referrals,
    whole.shown as answered,
    part.measure[9:] as outcome
from disclosed as part
inner join disclosed as whole
    on
        part.period = whole.period
        and part.audience = whole.audience
        and part.practice = whole.practice
        and part.priority = whole.priority
where part.measure like 'outcome:%' and whole.measure = 'answered'
