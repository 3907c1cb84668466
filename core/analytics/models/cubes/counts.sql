-- Every exact count that could be published or worked out, one row each, numbered from 0.
-- Key: number; also period, audience, practice, dimension, category, measure, part.
-- part: whole (of all measures with the same base, under the base's name), part, rest
-- (whole less part: not published, but whoever subtracts has it), lost (of a stage, whom the
-- next one lacks; as little published). of_week, of_month: where
-- the cell is only what a week and a month have in common; not published either. begun: nor
-- is what lies in part before the first day of service.
with cell as (
    select
        measure,
        period,
        audience,
        practice,
        dimension,
        category,
        whole,
        part,
        begun,
        cast(null as varchar) as of_week,
        cast(null as varchar) as of_month
    from figure
    union all
    select
        measure,
        week_period || ' ' || month_period as period,
        audience,
        'all' as practice,
        'all' as dimension,
        'all' as category,
        whole,
        part,
        true as begun,
        week_period as of_week,
        month_period as of_month
    from overlap
),

-- How far patients came with their weblinks: what was opened and not begun, and what was
-- begun and neither finished nor refused.
stage as (
    select
        period,
        audience,
        practice,
        dimension,
        category,
        begun,
        of_week,
        of_month,
        sum(part) filter (where measure = 'links_opened')
        - sum(part) filter (where measure = 'links_begun') as links_opened,
        sum(part) filter (where measure = 'links_begun')
        - sum(part) filter (where measure = 'links_finished')
        - sum(whole - part) filter (where measure = 'links_refused') as links_begun
    from cell
    where measure in ('links_opened', 'links_begun', 'links_finished', 'links_refused')
    group by all
),

lost as (
    unpivot (select * from stage)
    on links_opened, links_begun
    into name measure value exact
),

every as (
    -- Measures with the same base have the same wholes; a check makes sure.
    select distinct
        measure.base as measure,
        cell.period,
        cell.audience,
        cell.practice,
        cell.dimension,
        cell.category,
        'whole' as part,
        cell.whole as exact,
        cell.begun,
        cell.of_week,
        cell.of_month
    from cell
    inner join measure on cell.measure = measure.measure
    union all
    select
        measure,
        period,
        audience,
        practice,
        dimension,
        category,
        'part' as part,
        part as exact,
        begun,
        of_week,
        of_month
    from cell
    where part is not null
    union all
    select
        measure,
        period,
        audience,
        practice,
        dimension,
        category,
        'rest' as part,
        whole - part as exact,
        begun,
        of_week,
        of_month
    from cell
    where part is not null
    union all
    select
        measure,
        period,
        audience,
        practice,
        dimension,
        category,
        'lost' as part,
        cast(exact as bigint) as exact,
        begun,
        of_week,
        of_month
    from lost
    union all
    select
        measure,
        period,
        audience,
        'all' as practice,
        'all' as dimension,
        'all' as category,
        'whole' as part,
        exact,
        begun,
        null as of_week,
        null as of_month
    from clinic_counts
)

select
    *,
    begun and part in ('whole', 'part') and of_week is null as published,
    row_number() over (
        order by measure, part, period, audience, practice, dimension, category
    ) - 1 as number
from every
