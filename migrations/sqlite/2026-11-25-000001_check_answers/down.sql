drop table regulation_check_answers;
