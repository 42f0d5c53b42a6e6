drop table rehire_instructions;
