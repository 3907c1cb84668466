-- A part that is more than its whole, or a median above the ninetieth percentile.
select period from figure
where
    whole < 0
    or part < 0
    or part > whole
    or median > p90
