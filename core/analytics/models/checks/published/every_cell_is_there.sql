-- A cell that was lost on the way, or is there twice.
select count(*) as how_many
from published.figure
having count(*) <> (select count(*) from figure)
