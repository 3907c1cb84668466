-- Hours published where the number of people is hidden.
select period from published.turnaround
where coalesce(answered, 0) = 0 and (median_hours is not null or p90_hours is not null)
