-- Exact counts of what clinics found against what the pictures said, in complete quarters
-- and longer complete periods, by the group of the answer's likeliest diagnosis.
-- Key: period, audience, diagnosis_group. found = same + differs: by the day on which
-- nothing was awaited any more, compared with the laboratory's diagnosis, else the clinician's.
-- found = histology + no_histology; histology = confirmed + changed: of those where the
-- laboratory has said, whether its group is the pictures'.
with whole as (
    select
        period,
        first_day,
        last_day
    from mart.period
    where kind not in ('week', 'month')
),

part as (
    select diagnosis_group from mart.diagnosis_group
    union all
    select 'all'
),

sums as (
    select
        whole.period,
        coalesce(finding.commissioner, 'all') as audience,
        coalesce(finding.remote_group, 'all') as diagnosis_group,
        count(*) as found,
        count(*) filter (where finding.same_group) as same,
        count(finding.histology_group) as histology,
        count(*) filter (where finding.confirmed) as confirmed
    from mart.finding as finding
    inner join whole on finding.known_day between whole.first_day and whole.last_day
    group by whole.period, cube (finding.commissioner, finding.remote_group)
)

select
    whole.period,
    audience.audience,
    part.diagnosis_group,
    coalesce(sums.found, 0) as found,
    coalesce(sums.same, 0) as same,
    coalesce(sums.found - sums.same, 0) as differs,
    coalesce(sums.histology, 0) as histology,
    coalesce(sums.found - sums.histology, 0) as no_histology,
    coalesce(sums.confirmed, 0) as confirmed,
    coalesce(sums.histology - sums.confirmed, 0) as changed
from whole
cross join audience
cross join part
left join sums
    on
        whole.period = sums.period
        and audience.audience = sums.audience
        and part.diagnosis_group = sums.diagnosis_group
