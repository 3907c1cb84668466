-- What a session more each week would save, by grade: the most first.
select
    grade,
    saved_pence
from extra_session
where audience = $1
order by saved_pence desc, grade asc
