-- Exact counts of how referrals came to a pool, all practices and priorities together.
-- Key: period, audience, measure. measure: routed:<pool>:<rule class> by the decision at
-- sending, routed:none:none where none was kept; these add up to volumes.sent.
-- moved:<pool>:fallback counts, by its own day, what went there because nobody had taken
-- it: those referrals are among the routed, too.
with pool as (select unnest(['partner', 'local']) as pool),

rule_class as (
    select unnest(['sole', 'preference', 'off_duty', 'full', 'first', 'other']) as rule_class
),

measure as (
    select 'routed:' || pool.pool || ':' || rule_class.rule_class as measure
    from pool
    cross join rule_class
    union all
    select 'moved:' || pool.pool || ':fallback' as measure
    from pool
    union all
    select 'routed:none:none'
),

decided as (
    select
        referral.commissioner,
        referral.sent_day as counted_on,
        case
            when referral.first_rule is null then 'routed:none:none'
            else 'routed:' || referral.first_pool || ':' || first.rule_class
        end as measure
    from mart.referral as referral
    left join mart.routing as first -- noqa: RF04
        on referral.referral = first.referral and first.number = 1
    union all
    select
        referral.commissioner,
        routing.decided_day as counted_on,
        'moved:' || routing.pool || ':fallback' as measure
    from mart.routing as routing
    inner join mart.referral as referral on routing.referral = referral.referral
    where routing.rule_class = 'fallback'
),

sums as (
    select
        period.period,
        decided.measure,
        coalesce(decided.commissioner, 'all') as audience,
        count(*) as exact
    from decided
    cross join stg_snapshot as shot
    inner join mart.period as period
        on decided.counted_on between period.first_day and period.last_day
    where decided.counted_on <= shot.last_day
    group by period.period, decided.measure, cube (decided.commissioner)
)

select
    cell.period,
    cell.audience,
    measure.measure,
    coalesce(sums.exact, 0) as exact
from cell
cross join measure
left join sums
    on
        cell.period = sums.period
        and cell.audience = sums.audience
        and measure.measure = sums.measure
where cell.practice = 'all' and cell.priority = 'all'
