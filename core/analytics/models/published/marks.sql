-- One row per period, audience and question: how many said yes, of how many; null is
-- hidden. Key: period, audience, question. question: helpful, instructive (the practice of
-- an answer), group, outcome (a second reader agrees with the first).
with question as (
    select
        unnest(['helpful', 'instructive', 'group', 'outcome']) as question,
        unnest(['said:helpful', 'said:instructive', 'said:reading', 'said:reading'])
            as whole
)

select
    whole.period,
    whole.audience,
    question.question,
    whole.shown as said,
    part.shown as agreed
from question
inner join disclosed as whole on question.whole = whole.measure
inner join disclosed as part
    on
        whole.period = part.period
        and whole.audience = part.audience
        and part.measure = 'yes:' || question.question
