-- One row per stretch that clinic capacity is counted in: each week, and the 13 weeks that
-- ended with each of the last 13. Key: period. newest: of the last 13 weeks, or all of them
-- together. Older ones are published already and stay; they are here so that what is new is
-- weighed against them.
with numbered as (
    select
        period,
        first_day,
        last_day,
        row_number() over (order by first_day desc) as place
    from mart.week
)

select
    period,
    first_day,
    last_day,
    false as whole,
    place <= 13 as newest
from numbered
union all
select
    'last_13_weeks:' || strftime(ended.last_day, '%Y-%m-%d') as period,
    min(one.first_day) as first_day,
    ended.last_day,
    true as whole,
    ended.place = 1 as newest
from numbered as ended
inner join numbered as one on one.place between ended.place and ended.place + 12
where ended.place <= 13
group by ended.last_day, ended.place
