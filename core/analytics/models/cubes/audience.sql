-- One row per audience: a commissioner, or 'all' for the service's managers. Key: audience.
select commissioner as audience from mart.commissioner
union all
select 'all'
