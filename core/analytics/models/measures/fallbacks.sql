-- One row per referral that left for the other pool because nobody had taken it, by the
-- day on which it did. Key: referral, number (of the decision).
select
    referral_row.*,
    routing.decided_day as counted_on,
    1 as whole,
    null as part,
    null as amount
from mart.routing as routing
inner join referral_row on routing.referral = referral_row.referral
where routing.rule_class = 'fallback'
