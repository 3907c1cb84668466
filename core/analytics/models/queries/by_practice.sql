-- A measure of each practice in a period, by name: $1 measure, $2 audience, $3 period.
select
    figure.practice,
    practice.name,
    practice.ods_code,
    practice.registered_patients,
    figure.whole,
    figure.part,
    figure.median,
    figure.p90
from figure
inner join practice
    on figure.practice = practice.practice and figure.audience = practice.audience
where figure.measure = $1 and figure.audience = $2 and figure.period = $3
order by practice.name, figure.practice
