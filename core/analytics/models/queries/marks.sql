-- What was said of the answers in a period: by practices, and by second readers.
select
    question,
    said,
    agreed
from marks
where period = $1 and audience = $2
order by list_position(['helpful', 'instructive', 'group', 'outcome'], question)
