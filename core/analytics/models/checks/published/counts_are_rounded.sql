-- A published count that is neither 0 nor a multiple of 5 from 10 on.
with shown as (
    select unnest([sent, answered, without_visit]) as value from published.volumes
    union all
    select unnest([referrals, answered]) from published.outcomes
    union all
    select unnest([answered, within_target]) from published.turnaround
)

select value from shown
where value is not null and value <> 0 and (value < 10 or value % 5 <> 0)
