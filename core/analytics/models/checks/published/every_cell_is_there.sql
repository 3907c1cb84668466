-- A cell that was lost on the way, or is there twice.
with cells as (select count(*) as how_many from cell),

found as (select count(*) as how_many from published.volumes),

waited as (select count(*) as how_many from published.turnaround),

staged as (select count(*) as how_many from published.stages)

select cells.how_many
from cells
cross join found
cross join waited
cross join staged
where
    cells.how_many <> found.how_many
    or cells.how_many <> waited.how_many
    or cells.how_many <> staged.how_many
