-- How often each two categories met in each quarter or longer period: what two readers, or
-- a reader and a clinic or laboratory, made of the same referral; since the service began.
-- Key: measure, period, audience, one, other. measure: the one that counts these pairs.
with pair as (
    select
        'referrer_agrees' as measure,
        commissioner,
        answered_day as counted_on,
        working_group as one,
        first_group as other
    from mart.referral
    where answered_day is not null and working_group is not null
    union all
    select
        'clinic_agrees' as measure,
        commissioner,
        known_day as counted_on,
        remote_group as one,
        true_group as other
    from mart.finding
    where known_day is not null
    union all
    select
        'histology_agrees' as measure,
        commissioner,
        known_day as counted_on,
        remote_group as one,
        histology_group as other
    from mart.finding
    where histology_group is not null
    union all
    select
        'second_reader_agrees' as measure,
        commissioner,
        read_day as counted_on,
        first_group as one,
        second_group as other
    from mart.second_read
    where read_day is not null
    union all
    select
        'second_reader_agrees_on_outcome' as measure,
        commissioner,
        read_day as counted_on,
        first_outcome as one,
        second_outcome as other
    from mart.second_read
    where read_day is not null
),

counted as (
    select
        pair.measure,
        period.period,
        coalesce(pair.commissioner, 'all') as audience,
        coalesce(pair.one, 'other') as one,
        coalesce(pair.other, 'other') as other,
        count(*) as how_many
    from pair
    inner join mart.period as period
        on pair.counted_on between period.first_day and period.last_day
    where period.kind not in ('week', 'month')
    group by
        grouping sets (
            (pair.measure, period.period, pair.one, pair.other, pair.commissioner),
            (pair.measure, period.period, pair.one, pair.other)
        )
)

select counted.*
from counted
inner join begun
    on
        counted.period = begun.period
        and counted.audience = begun.audience
        and begun.practice = 'all'
        and begun.begun
