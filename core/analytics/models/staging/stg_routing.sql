-- One row per referral with a routing decision: the one made when it was sent, how many
-- there were, and whether it left for the other pool because nobody had taken it.
-- Key: referral. first_pool and first_rule are null where it was sent before decisions
-- were kept, so that its oldest one is a later one.
select
    referral,
    max(pool) filter (where number = 1 and rule not in ('fallback', 'back_to_asker'))
        as first_pool,
    max(rule) filter (where number = 1 and rule not in ('fallback', 'back_to_asker'))
        as first_rule,
    count(*) as routing_decisions,
    bool_or(rule = 'fallback') as fell_back
from raw_routing
group by referral
