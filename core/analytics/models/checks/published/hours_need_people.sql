-- Hours published where the number of people is hidden, or there is nobody.
select period from published.figure
where coalesce(whole, 0) = 0 and (median is not null or p90 is not null)
