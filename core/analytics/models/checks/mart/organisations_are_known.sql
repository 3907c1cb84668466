-- A referral whose practice or commissioner is none of ours.
select referral from mart.referral
where
    practice not in (select practice from mart.practice)
    or commissioner not in (select commissioner from mart.commissioner)
