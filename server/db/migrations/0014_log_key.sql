-- Up Migration

-- One tree is enough: the log is searched by ticket, and through all tickets only by time (`description_updates_age`).
-- A second one cost Postgres a seventh of a small append, and a third of a large one.
ALTER TABLE description_updates DROP CONSTRAINT description_updates_pkey;
DROP INDEX description_updates_ticket;
ALTER TABLE description_updates ADD PRIMARY KEY (ticket_id, seq);
