-- Imported descriptions had no row in the log, and so no past: the history began with an empty document.
INSERT INTO description_foundations (ticket_id, upto, state)
SELECT id, 0, snapshot FROM descriptions WHERE upto = 0 AND snapshot <> '\x0000'
ON CONFLICT (ticket_id) DO NOTHING;
