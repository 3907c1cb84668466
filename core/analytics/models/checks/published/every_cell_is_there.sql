-- A cell that was lost on the way, or is there twice.
with exact as (
    select count(*) as how_many
    from figure
    where begun
),

shown as (select count(*) as how_many from published.figure)

select exact.how_many
from exact
cross join shown
where exact.how_many <> shown.how_many
