-- Layout 1. Times are seconds since 1970, unsigned 64-bit hashes are stored as signed integers.

CREATE TABLE source (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT -- JSON; none where only articles name the source
) STRICT;

CREATE TABLE outlet (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Never deleted: ids count up from 1.
CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL, -- unique by its hash in `key`
    canonical_url TEXT, -- empty where it is the uid
    outlet INTEGER NOT NULL,
    source INTEGER NOT NULL, -- the first that carried it; others in `carried`
    fingerprint INTEGER NOT NULL, -- of the first source's copy
    title_hash INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    published INTEGER,
    size INTEGER NOT NULL,
    hidden INTEGER NOT NULL,
    quiet INTEGER NOT NULL, -- stored unannounced: no feed takes it
    listings INTEGER NOT NULL, -- how many sources list it now
    unlisted INTEGER, -- since when its body waits for its end; none while listed, or where the body is gone
    keys BLOB NOT NULL -- 16 bytes each
) STRICT;
CREATE INDEX article_unlisted ON article (unlisted) WHERE unlisted IS NOT NULL;

-- What leads to an article: hashes of guids, URLs, titles with day, and of the uid; for articles up to
-- `note.folded`, those of later ones are in their rows only.
CREATE TABLE key (
    key BLOB PRIMARY KEY,
    article INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys that articles up to `note.folded` gained since; they go into `key` with the next that do.
CREATE TABLE alias (
    key BLOB PRIMARY KEY,
    article INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: which keys are surely not in `key`.
CREATE TABLE filter (
    number INTEGER PRIMARY KEY,
    keys INTEGER NOT NULL,
    bits BLOB NOT NULL
) STRICT;

CREATE TABLE detail (
    article INTEGER PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

-- Further sources of articles.
CREATE TABLE carried (
    article INTEGER NOT NULL,
    source INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    PRIMARY KEY (article, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE listing (
    source INTEGER PRIMARY KEY,
    articles BLOB NOT NULL -- ascending differences, variable length
) STRICT;

CREATE TABLE signature (
    article INTEGER PRIMARY KEY,
    signature BLOB NOT NULL
) STRICT;

-- Keys of `key` whose articles are hidden for ever, known or not.
CREATE TABLE hidden (
    key BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    urn TEXT NOT NULL,
    selection_hash INTEGER NOT NULL,
    settings_hash INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 0,
    items INTEGER NOT NULL DEFAULT 0,
    updated INTEGER,
    bound_entered INTEGER,
    bound_published INTEGER,
    bound_uid TEXT
) STRICT;

CREATE TABLE member (
    article INTEGER NOT NULL,
    feed INTEGER NOT NULL,
    entered INTEGER NOT NULL,
    story INTEGER,
    dropped INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL, -- revisions of the feed
    changed INTEGER NOT NULL,
    PRIMARY KEY (feed, entered, article) -- a window is read from its end
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX member_article ON member (article, feed);

CREATE TABLE file (
    target TEXT NOT NULL,
    path TEXT NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (target, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold (
    host TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `report`: JSON of the last run; `retained`: when bodies were last looked through; `folded`: not a time but
-- the last article whose keys are in `key`; `rebuilding`: stands while published history is taken over.
CREATE TABLE note (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
