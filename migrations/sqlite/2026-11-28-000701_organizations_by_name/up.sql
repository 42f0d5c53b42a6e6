-- One organization for each name, by which the command line finds it. Of organizations that share one already nobody
-- can say whose it is: each is told apart by its identifier, and can be given another name.
update organizations set name = name || ' ' || id
where name in (select name from organizations group by name having count(*) > 1);
create unique index organizations_by_name on organizations (name);
