alter table application_documents drop column from_applicant;
alter table offers drop column answered_by_applicant;
alter table offers drop column authors;
