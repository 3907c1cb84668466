-- What one more session would save, by grade: the most first.
select
    grade,
    pence
from extra_session
where audience = $1
order by pence desc, grade
