-- A referral whose practice or commissioner is none of ours.
select referral.referral
from mart.referral as referral
left join mart.practice as practice on referral.practice = practice.practice
left join mart.commissioner as commissioner
    on referral.commissioner = commissioner.commissioner
where practice.practice is null or commissioner.commissioner is null
