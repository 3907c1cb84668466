-- A decision that is there twice, leaves a gap, is of no referral or came before it was
-- sent, or has a word that no chart has a place for.
select
    routing.referral,
    routing.number
from mart.routing as routing
left join mart.referral as referral on routing.referral = referral.referral
where
    referral.referral is null
    -- Within the transaction that sends it, whose clock is read more than once.
    or routing.moment < referral.sent_at - interval 1 minute
    or coalesce(routing.pool not in ('partner', 'local'), true)
    or coalesce(routing.rule_class not in (
        'sole', 'preference', 'off_duty', 'full', 'first', 'fallback', 'back', 'other'
    ), true)
union all
select
    referral,
    count(*) as number
from mart.routing
group by referral
having count(*) <> max(number) or count(distinct number) <> count(*)
