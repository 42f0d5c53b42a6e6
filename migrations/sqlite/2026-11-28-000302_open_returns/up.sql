-- The accepted offer by which somebody is coming back: one at a time, until they are back or it is cancelled.
create table open_returns (
    organization_id text not null,
    person_id text not null references people (id),
    application_id text not null,
    offer_id text not null references offers (id),
    primary key (organization_id, person_id),
    foreign key (organization_id, application_id) references applications (organization_id, id)
) strict;
create index open_returns_by_application_id on open_returns (organization_id, application_id);
-- Of several acceptances by one person there are already, the first is theirs.
insert into open_returns (organization_id, person_id, application_id, offer_id)
select offers.organization_id, applications.person_id, applications.id, offers.id
from offers
join applications
    on applications.organization_id = offers.organization_id and applications.id = offers.application_id
where offers.state = 'accepted' and applications.stage not in ('returned', 'expired')
order by offers.id
on conflict do nothing;
