drop table open_returns;
