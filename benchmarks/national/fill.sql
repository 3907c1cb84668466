-- Put what was drawn into the tables that follow from each referral.
insert into mart.referral by name from made_referral;
insert into mart.routing by name from made_routing;
insert into mart.picture by name
select * exclude (remote_cancer) from made_picture inner join made_words using (referral);
insert into mart.clinic_need by name
select * exclude (remote_cancer, sent_day)
from made_clinic_need inner join made_words using (referral);
insert into mart.finding by name
select * exclude (sent_day) from made_finding inner join made_words using (referral);
insert into mart.second_read by name
select * exclude (remote_cancer, sent_day)
from made_second_read inner join made_words using (referral);
