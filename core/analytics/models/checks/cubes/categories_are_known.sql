-- A word of a dimension whose words are all known, and that is not among them.
select
    fact.dimension,
    fact.category
from fact_by_category as fact
left join known_category as known
    on fact.dimension = known.dimension and fact.category = known.category
where
    known.category is null
    and fact.dimension in (select listed.dimension from known_category as listed)
