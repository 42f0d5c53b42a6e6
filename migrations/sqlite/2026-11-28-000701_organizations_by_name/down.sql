drop index organizations_by_name;
