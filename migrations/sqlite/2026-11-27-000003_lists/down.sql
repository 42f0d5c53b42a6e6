drop index offers_by_change;
drop index applications_by_change;
drop index people_by_change;
drop table server_secrets;
