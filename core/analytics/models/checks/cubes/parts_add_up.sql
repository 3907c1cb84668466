-- A whole that is not the sum of its parts, before anything is rounded.
select whole.number
from counts as whole
inner join addend on whole.number = addend.parent
inner join counts as part on addend.child = part.number
group by whole.number, whole.exact, addend.axis
having sum(part.exact) <> whole.exact
