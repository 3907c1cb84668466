-- A cell that was lost on the way.
select period from cell
anti join published.volumes using (period, audience, practice, priority)
