-- The spaces that this device keeps. `cursor` is how far the server's log was read, within one
-- incarnation of the server.
CREATE TABLE space (
    space       BLOB    NOT NULL PRIMARY KEY CHECK (length(space) = 32),
    purpose     TEXT    NOT NULL,
    label       BLOB    CHECK (length(label) = 16),
    on_server   INTEGER NOT NULL DEFAULT 0 CHECK (on_server IN (0, 1)),
    incarnation BLOB    CHECK (length(incarnation) = 16),
    cursor      INTEGER NOT NULL DEFAULT 0,
    joined      INTEGER NOT NULL DEFAULT 0 CHECK (joined IN (0, 1))
) STRICT;

-- Small values by name: identity, addresses, choices.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Each space's chain, as signed.
CREATE TABLE statement (
    space    BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    sequence INTEGER NOT NULL,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (space, sequence)
) STRICT;

CREATE TABLE epoch_key (
    space BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    epoch INTEGER NOT NULL,
    key   BLOB    NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (space, epoch)
) STRICT;

-- Invites made on this device, until they are used or expire.
CREATE TABLE invite (
    space      BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    key        BLOB    NOT NULL CHECK (length(key) = 32),
    secret     BLOB    NOT NULL CHECK (length(secret) = 32),
    role       INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (space, key)
) STRICT;

-- Sealed changes, ours and others', as signed. `position` is the order in which this device stored
-- them; `number` is the server's, and is lost when a server is restored. The blob stands last, so
-- that the small columns are read without its overflow pages.
CREATE TABLE log (
    position    INTEGER PRIMARY KEY,
    space       BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    number      INTEGER CHECK (number > 0),
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    author      BLOB    NOT NULL CHECK (length(author) = 32),
    counter     INTEGER NOT NULL CHECK (counter > 0),
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    document    BLOB    CHECK (length(document) = 16),
    change      BLOB    CHECK (length(change) = 32),
    received_ms INTEGER NOT NULL,
    refusal     TEXT,
    sealed      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX log_id ON log (space, id);
CREATE UNIQUE INDEX log_author ON log (space, author, counter);
CREATE UNIQUE INDEX log_number ON log (space, number) WHERE number IS NOT NULL;
CREATE INDEX log_document ON log (document) WHERE document IS NOT NULL AND refusal IS NULL;
CREATE INDEX log_refused ON log (space) WHERE refusal IS NOT NULL;

-- Own changes that no server has acknowledged, unsealed, in commit order. AUTOINCREMENT, so that a
-- position is never given twice.
CREATE TABLE outbox (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    space        BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    document     BLOB    NOT NULL CHECK (length(document) = 16),
    kind         TEXT    NOT NULL,
    change       BLOB    NOT NULL CHECK (length(change) = 32),
    committed_ms INTEGER NOT NULL,
    payload      BLOB    NOT NULL,
    sealed       BLOB
) STRICT;
CREATE UNIQUE INDEX outbox_id ON outbox (id);
CREATE INDEX outbox_space ON outbox (space);
CREATE INDEX outbox_document ON outbox (document);

-- Every sealed form of an outbox row that may have reached a server: a lost answer leaves us unsure.
CREATE TABLE attempt (
    position INTEGER NOT NULL REFERENCES outbox (position) ON DELETE CASCADE,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (position, hash)
) STRICT;

-- The read model: one row for each document. A cache of log and outbox.
CREATE TABLE item (
    document    BLOB    NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space       BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    kind        TEXT    NOT NULL,
    about       BLOB    CHECK (length(about) = 16),
    sort_ms     INTEGER NOT NULL,
    author      BLOB    NOT NULL CHECK (length(author) = 32),
    counter     INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    revision    BLOB    NOT NULL,
    projection  TEXT    NOT NULL
) STRICT;
-- Holds all that a list is chosen and ordered by.
CREATE INDEX item_list ON item (space, kind, sort_ms, document, about);
CREATE INDEX item_about ON item (about) WHERE about IS NOT NULL;

-- The person's own words, to search in, as `search/key.rs` writes them: it knows every script, and
-- leaves nothing to the tokenizer but the spaces between words. The index keeps no second copy of the
-- text; `searched` says which document a row of it is. No prefix indexes: they measured more than half
-- of the time and size, and a person's words are few enough to look through for a beginning.
CREATE TABLE searched (
    position INTEGER PRIMARY KEY,
    document BLOB NOT NULL UNIQUE CHECK (length(document) = 16)
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, tags,
    content = '', contentless_delete = 1,
    tokenize = 'ascii'
);

CREATE TABLE warning (
    code   TEXT    NOT NULL,
    space  BLOB    CHECK (length(space) = 32),
    detail TEXT    NOT NULL DEFAULT '',
    at_ms  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX warning_key ON warning (code, ifnull(space, x''));

-- What somebody at this installation has looked at, and when.
CREATE TABLE seen (
    document BLOB    NOT NULL CHECK (length(document) = 16),
    by       TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (document, by)
) STRICT;
