-- How much is not shown of each cube.
select
    cube,
    cells,
    hidden
from quality
order by list_position(['series', 'practice', 'category'], cube)
