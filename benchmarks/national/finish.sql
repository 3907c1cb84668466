-- Put the organisations in, and drop what was only drawn.
delete from mart.practice;
delete from mart.commissioner;
delete from mart.clinic_session;
insert into mart.practice by name from made_practice;
insert into mart.commissioner by name from made_commissioner;
drop view made_practice;
drop view made_commissioner;
drop view made_referral;
drop view made_routing;
drop view made_picture;
drop view made_clinic_need;
drop view made_finding;
drop view made_second_read;
drop view made_words;
drop table drawn_referral;
drop table drawn;
drop table slot;
drop table practice;
