-- Layout 2: of hosts more is remembered than their pauses.

ALTER TABLE hold RENAME TO host;
ALTER TABLE host RENAME COLUMN host TO name;
-- `until` is now until when a row is worth remembering; the rest is JSON
ALTER TABLE host ADD COLUMN state TEXT NOT NULL DEFAULT '';
UPDATE host SET state = json_object(
    'name', name, 'held_until', strftime('%Y-%m-%dT%H:%M:%SZ', until, 'unixepoch'), 'holds', 1);

-- takedowns ask for them: a few of many
CREATE INDEX article_hidden ON article (hidden) WHERE hidden;
