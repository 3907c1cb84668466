-- Take out what the small store left in the mart.
delete from raw_contract_practice;
delete from raw_contract_service;
delete from mart.practice;
delete from mart.commissioner;
delete from mart.referral;
delete from mart.event;
delete from mart.onward;
delete from mart.appointment;
delete from mart.clinic_session;
delete from mart.routing;
delete from mart.picture;
delete from mart.clinic_need;
delete from mart.finding;
delete from mart.second_read;
