-- Hours of the measure at hand by each category of each dimension, in the periods in which
-- it is published.
-- Key: measure, period, audience, dimension, category.
with fact as (
    select
        counted_on,
        commissioner,
        amount,
        unnest([
            { 'dimension': 'priority', 'category': priority },
            { 'dimension': 'route', 'category': route },
            { 'dimension': 'specialty', 'category': specialty },
            { 'dimension': 'problem', 'category': problem },
            { 'dimension': 'service_model', 'category': service_model },
            { 'dimension': 'way', 'category': way },
            { 'dimension': 'answer', 'category': answer },
            { 'dimension': 'diagnosis', 'category': diagnosis },
            { 'dimension': 'pool', 'category': pool },
            { 'dimension': 'age_band', 'category': age_band },
            { 'dimension': 'sex', 'category': sex },
            { 'dimension': 'ethnic_category', 'category': ethnic_category },
            { 'dimension': 'deprivation', 'category': deprivation },
            { 'dimension': 'skin_type', 'category': skin_type },
            { 'dimension': 'language_group', 'category': language_group },
            { 'dimension': 'sent_by_role', 'category': sent_by_role },
            { 'dimension': 'device', 'category': device }
        ]) as part
    from measure_fact
)

select
    getvariable('measure') as measure,
    period.period,
    coalesce(fact.commissioner, 'all') as audience,
    fact.part.dimension, -- noqa: RF01
    fact.part.category, -- noqa: RF01
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from fact
inner join measure_dimension as wanted
    on
        fact.part.dimension = wanted.dimension -- noqa: RF01
        and wanted.measure = getvariable('measure')
inner join mart.period as period
    on fact.counted_on between period.first_day and period.last_day
where
    period.kind in ('year', 'twelve_months', 'all_quarters')
    or (period.kind = 'quarter' and wanted.finest <> 'year')
    or (period.kind = 'month' and wanted.finest = 'month')
group by
    grouping sets (
        (period.period, fact.part, fact.commissioner), (period.period, fact.part)
    )
