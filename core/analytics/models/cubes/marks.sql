-- Exact counts of what practices said of answers and what second readers said of cases,
-- in complete quarters and longer complete periods, all practices and priorities together.
-- Key: period, audience, measure. measure: said:<question> = yes:<question> +
-- no:<question> for helpful and instructive, of newest answers, by the day of the last
-- click; said:reading = yes + no of group (same diagnosis group) and of outcome, by the
-- day of the second read, whether it was drawn by lot or asked for by a rule.
with said as (
    unpivot (
        select
            commissioner,
            marked_day as counted_on,
            helpful,
            instructive
        from mart.referral
    )
    on helpful, instructive
    into name question value yes
),

compared as (
    unpivot (
        select
            referral.commissioner,
            second_read.read_day as counted_on,
            second_read.same_group as "group",
            second_read.same_outcome as outcome
        from mart.second_read as second_read
        inner join mart.referral as referral on second_read.referral = referral.referral
    )
    on "group", outcome
    into name question value yes
),

every as (
    select
        commissioner,
        counted_on,
        'said:' || question as measure
    from said
    union all
    select
        commissioner,
        counted_on,
        if(yes, 'yes:', 'no:') || question as measure
    from said
    union all
    select
        commissioner,
        counted_on,
        'said:reading' as measure
    from compared
    where question = 'group'
    union all
    select
        commissioner,
        counted_on,
        if(yes, 'yes:', 'no:') || question as measure
    from compared
),

measure as (
    select unnest([
        'said:helpful',
        'yes:helpful',
        'no:helpful',
        'said:instructive',
        'yes:instructive',
        'no:instructive',
        'said:reading',
        'yes:group',
        'no:group',
        'yes:outcome',
        'no:outcome'
    ]) as measure
),

sums as (
    select
        period.period,
        every.measure,
        coalesce(every.commissioner, 'all') as audience,
        count(*) as exact
    from every
    cross join stg_snapshot as shot
    inner join mart.period as period
        on every.counted_on between period.first_day and period.last_day
    where every.counted_on <= shot.last_day
    group by period.period, every.measure, cube (every.commissioner)
)

select
    cell.period,
    cell.audience,
    measure.measure,
    coalesce(sums.exact, 0) as exact
from cell
inner join mart.period as period on cell.period = period.period
cross join measure
left join sums
    on
        cell.period = sums.period
        and cell.audience = sums.audience
        and measure.measure = sums.measure
where
    cell.practice = 'all'
    and cell.priority = 'all'
    and period.complete
    and period.kind <> 'month'
