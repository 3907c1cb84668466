-- Hours published where the number of people is hidden.
select period from published.turnaround
where coalesce(answered, 0) = 0 and (median_hours is not null or p90_hours is not null)
union all
select period from published.stages
where
    (
        coalesce(answered, 0) = 0
        and (median_hours_in_pool is not null or median_hours_in_hand is not null)
    )
    or (coalesce(returned, 0) = 0 and median_hours_at_practice is not null)
    or (coalesce(acknowledged, 0) = 0 and median_hours_to_acknowledge is not null)
