-- How much is not shown of each cube.
select
    cube_name,
    cells,
    hidden
from quality
order by list_position(['series', 'practice', 'category'], cube_name)
