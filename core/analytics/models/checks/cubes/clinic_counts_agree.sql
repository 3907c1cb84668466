-- The whole of needs and visits of complete quarters, or of the sessions of the
-- last weeks, is not the whole of the cells to be published.
with whole as (
    select
        period,
        first_day,
        last_day
    from mart.period
    where kind = 'all_quarters'
),

counted as (
    select
        (
            select count(*)
            from mart.appointment as place
            inner join whole on place.begins_day between whole.first_day and whole.last_day
            where place.state in ('kept', 'missed')
        ) as came,
        (
            select coalesce(sum(held.minutes), 0)
            from mart.clinic_session as held
            inner join mart.week as one
                on held.begins_day between one.first_day and one.last_day
            where held.state = 'open'
        ) as offered
),

summed as (
    select
        (
            select coalesce(sum(exact), 0)
            from clinic_counts
            where
                audience = 'all'
                and measure like 'called:%'
                and measure <> 'called:all'
                and period like 'all_quarters:%'
        ) as came,
        (
            select coalesce(sum(offered), 0)
            from capacity
            where audience = 'all' and grade <> 'all' and period like 'week:%'
        ) as offered
)

select counted.came
from counted
cross join summed
where
    counted.came <> summed.came
    or counted.offered <> summed.offered
