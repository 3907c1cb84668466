-- How the referrals sent in a period came to a pool, in the order in which rules are asked.
select
    pool,
    rule_class,
    referrals,
    sent
from routing
where period = $1 and audience = $2
order by
    list_position(
        ['sole', 'preference', 'off_duty', 'full', 'first', 'fallback', 'other', 'none'],
        rule_class
    ),
    pool desc
