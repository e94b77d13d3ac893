-- Up Migration

-- Imported before imports were logged, and written into since: their rows build on words that no row holds. What they
-- became stands for the rows up to there, so that what is written from now on has a whole past. The rows stay, as they
-- say who wrote and when. An import that is logged writes its row before its line of activity.
INSERT INTO description_foundations (ticket_id, upto, state)
SELECT d.id, d.upto, d.snapshot FROM descriptions d JOIN activity a ON a.ticket_id = d.id AND a.rule = 'import'
WHERE d.upto > 0 AND a.created_at < (SELECT min(u.created_at) FROM description_updates u WHERE u.ticket_id = d.id)
ON CONFLICT (ticket_id) DO NOTHING;
