-- A line of the history is a code with its facts, worded when it is shown. `what`, the sentence of the day, is still
-- written for the processes of the release before, and shown where a line from before has no code.
ALTER TABLE history ADD COLUMN code text, ADD COLUMN fields jsonb NOT NULL DEFAULT '{}';

-- What pages look for among the lines from before: mails that left or did not, and what the student reported.
WITH mail (kind, about) AS (VALUES
  ('acknowledgement', 'that your request is complete'), ('delay', 'about what is missing'),
  ('cleared', 'that your request is complete again'), ('pushed_back', 'about a later start date'),
  ('returned', 'about the return of your request'), ('denied', 'about the denial'),
  ('approved', 'about your CPT I-20'), ('replaced', 'about your new CPT I-20'), ('due_moved', 'about a new due date'),
  ('message', 'with a message from the office'), ('contact', 'asking you to get in touch'),
  ('changed', 'about a change of your authorization'), ('please_read', 'with a warning to read'))
, worded AS (
  SELECT 'mail_sent' AS code, kind, 'We sent you an email ' || about AS sentence FROM mail UNION ALL
  SELECT 'mail_failed', kind, 'We could not send you an email ' || about || '; this page stays true' FROM mail)
UPDATE history SET code = worded.code, fields = jsonb_build_object('kind', kind) FROM worded WHERE what = sentence;

WITH report (kind, sentence) AS (VALUES
  ('withdrew_from_course', 'You told us that you left the course'), ('will_not_start', 'You told us that you will not start'),
  ('stopped_working', 'You told us that you have stopped working'), ('other', 'You told us of a change'))
, found AS (
  SELECT id, kind, regexp_match(substr(what, length(sentence) + 1),
                                '^(?: \(([A-Z][a-z]+ \d{1,2}, \d{4})\))?(?:: (.*))?$') AS parts
    FROM history JOIN report ON starts_with(what, sentence))
UPDATE history SET code = 'reported', fields = jsonb_build_object('what', kind, 'words', coalesce(parts[2], ''),
                                              'on', to_date(parts[1], 'FMMonth FMDD, YYYY')::text)
  FROM found WHERE history.id = found.id AND parts IS NOT NULL;
