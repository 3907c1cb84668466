-- One row per cube: how many of its cells have anybody in them, and how many of those are
-- hidden, wholly or in part. Key: cube_name.
select
    exact.cube_name,
    count(*) as cells,
    count(*) filter (
        where shown.whole is null or (exact.part is not null and shown.part is null)
    ) as hidden
from figure as exact
inner join published.figure as shown
    on
        exact.measure = shown.measure
        and exact.period = shown.period
        and exact.audience = shown.audience
        and exact.practice = shown.practice
        and exact.dimension = shown.dimension
        and exact.category = shown.category
where exact.whole > 0
group by exact.cube_name
order by exact.cube_name
