-- Who may see the newest clinic plan: the service's managers, and the commissioner whose
-- patients alone are in it. A plan for several commissioners' patients tells none of them
-- which part is theirs. Key: audience.
select 'all' as audience from raw_plan
union all
select max(commissioner) as audience from raw_plan_commissioner
having count(*) = 1
