-- The spaces that this device keeps. `cursor` is how far the server's log was read, within one
-- incarnation of the server. `handle` says who this device is in the space; `standing` whether it waits to
-- be let in (0), is a member (1), or is none (2), or the space was ended (3). What follows `standing` saves an exchange of nothing from asking anything
-- else: where the chain stands, whether a restored server is being filled again, whether something
-- withheld is looked for, how far the log was read when the server's blobs were last compared with what is here,
-- how many of them the server said that it lost,
-- whether what arrived is still to be acknowledged, from when on the key is
-- to be rotated, how far of the outbox may have left this device, when something of another member's arrived last, and
-- the newest change of an item.
CREATE TABLE space (
    space          BLOB    NOT NULL PRIMARY KEY CHECK (length(space) = 32),
    purpose        TEXT    NOT NULL,
    label          BLOB    CHECK (length(label) = 16),
    on_server      INTEGER NOT NULL DEFAULT 0 CHECK (on_server IN (0, 1)),
    incarnation    BLOB    CHECK (length(incarnation) = 16),
    cursor         INTEGER NOT NULL DEFAULT 0,
    standing       INTEGER NOT NULL DEFAULT 2 CHECK (standing IN (0, 1, 2, 3, 4)),
    chain_length   INTEGER NOT NULL DEFAULT 0,
    chain_head     BLOB    NOT NULL DEFAULT x'',
    backfilling    INTEGER NOT NULL DEFAULT 0 CHECK (backfilling IN (0, 1)),
    gaps           INTEGER NOT NULL DEFAULT 0 CHECK (gaps IN (0, 1)),
    bodies_missed  INTEGER NOT NULL DEFAULT 0,
    blobs_compared INTEGER NOT NULL DEFAULT 0,
    blobs_lost     INTEGER NOT NULL DEFAULT 0,
    unacknowledged INTEGER NOT NULL DEFAULT 0 CHECK (unacknowledged IN (0, 1)),
    rotation_due   INTEGER NOT NULL DEFAULT 0 CHECK (rotation_due IN (0, 1)),
    answer_due     INTEGER NOT NULL DEFAULT 0 CHECK (answer_due IN (0, 1)),
    sent_through   INTEGER NOT NULL DEFAULT 0,
    received_ms    INTEGER,
    changed        INTEGER NOT NULL DEFAULT 0,
    handle         BLOB    NOT NULL CHECK (length(handle) = 16)
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

-- Rotations that were not what an honest member makes: who made them, when, and what is wrong: this
-- device was locked out (0), `member` was (1), the key of `epoch_hidden` is not passed on (2).
CREATE TABLE false_rotation (
    space        BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    epoch        INTEGER NOT NULL,
    author       BLOB    NOT NULL CHECK (length(author) = 32),
    at_ms        INTEGER NOT NULL,
    what         INTEGER NOT NULL CHECK (what IN (0, 1, 2)),
    member       BLOB    CHECK (length(member) = 32),
    epoch_hidden INTEGER,
    PRIMARY KEY (space, epoch)
) STRICT;

CREATE TABLE epoch_key (
    space BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    epoch INTEGER NOT NULL,
    key   BLOB    NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (space, epoch)
) STRICT;

-- Sealed changes, ours and others', as signed. `position` is the order in which this device stored
-- them; `number` is the server's, and is lost when a server is restored; an `id` is its author's, who may
-- take what somebody else has taken; `hash` names this sealing, and `history` all that its author said up to and with it, however it was sealed. The blob stands last, so
-- that the small columns are read without its overflow pages.
CREATE TABLE log (
    position    INTEGER PRIMARY KEY,
    space       BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    number      INTEGER CHECK (number > 0),
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    author      BLOB    NOT NULL CHECK (length(author) = 32),
    counter     INTEGER NOT NULL CHECK (counter > 0),
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    history     BLOB    NOT NULL CHECK (length(history) = 32),
    document    BLOB    CHECK (length(document) = 16),
    change      BLOB    CHECK (length(change) = 32),
    received_ms INTEGER NOT NULL,
    refusal     TEXT,
    sealed      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX log_id ON log (space, author, id);
CREATE UNIQUE INDEX log_author ON log (space, author, counter);
CREATE UNIQUE INDEX log_number ON log (space, number) WHERE number IS NOT NULL;
-- Holds all that says which changes a document is made of, so that none of their blobs is touched.
CREATE INDEX log_document ON log (document, space, change)
    WHERE document IS NOT NULL AND refusal IS NULL;
CREATE INDEX log_refused ON log (space, author, counter) WHERE refusal IS NOT NULL;

-- Changes of the log whose bodies somebody who may has dropped, and who did: their headers are all that has
-- to exist.
CREATE TABLE dropped (
    space   BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    author  BLOB    NOT NULL CHECK (length(author) = 32),
    counter INTEGER NOT NULL CHECK (counter > 0),
    dropper BLOB    NOT NULL CHECK (length(dropper) = 32),
    PRIMARY KEY (space, author, counter)
) STRICT;

-- The same of changes that are not here: that very one, if it comes, and no other under its count.
CREATE TABLE drop_awaited (
    space   BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    author  BLOB    NOT NULL CHECK (length(author) = 32),
    counter INTEGER NOT NULL CHECK (counter > 0),
    history BLOB    NOT NULL CHECK (length(history) = 32),
    dropper BLOB    NOT NULL CHECK (length(dropper) = 32),
    PRIMARY KEY (space, author, counter, history)
) STRICT;

-- Bodies of deleted documents that are this device's to drop and that no server was told of yet: each is named in a
-- change that this device sends. `carrier` is the change that names it, once that may have left: what it names
-- is a part of its history, and never changes from then on.
CREATE TABLE letting_go (
    space   BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    author  BLOB    NOT NULL CHECK (length(author) = 32),
    counter INTEGER NOT NULL CHECK (counter > 0),
    history BLOB    NOT NULL CHECK (length(history) = 32),
    carrier BLOB    CHECK (length(carrier) = 16),
    PRIMARY KEY (space, author, counter)
) STRICT;

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
    payload      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_id ON outbox (id);
CREATE INDEX outbox_space ON outbox (space, position);
CREATE INDEX outbox_document ON outbox (document);

-- The read model: one row for each document. A cache of log and outbox. `standing` says whether it is
-- shown (0), another copy stands for it (1), it was withdrawn (2), nothing was said in it yet (3), or this version can't
-- understand it (4); `state` is a word of the kind's own; `attention` says at a clinic whether its present
-- version was dealt with (0), opened (1), or nobody looked (2), plus 4 where the patient wants to talk about it
-- and nobody has, plus 8 where an earlier version was reviewed, plus 16 where it says different things in two
-- places; `changed` grows with each write of any row;
-- `writers` holds 40 bytes for each member that wrote into it: its id, and the count of its newest
-- change, 0 while that waits in the outbox.
CREATE TABLE item (
    document    BLOB    NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    space       BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    kind        TEXT    NOT NULL,
    about       BLOB    CHECK (length(about) = 16),
    sort_ms     INTEGER NOT NULL,
    standing    INTEGER NOT NULL DEFAULT 0,
    state       TEXT    NOT NULL DEFAULT '',
    attention   INTEGER NOT NULL DEFAULT 0,
    changed     INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    writers     BLOB    NOT NULL,
    revision    BLOB    NOT NULL,
    projection  TEXT    NOT NULL
) STRICT;
-- Holds all that a list is chosen, ordered and counted by.
CREATE INDEX item_list ON item (space, kind, standing, sort_ms, document, state);
CREATE INDEX item_about ON item (about, kind, space, standing, sort_ms, document)
    WHERE about IS NOT NULL;
CREATE INDEX item_attention ON item (space, kind, attention, state) WHERE attention > 0;
CREATE UNIQUE INDEX item_changed ON item (changed);

-- Which documents name which blobs: the recordings and pictures that hang on them. `item` is the attachment in the
-- document, the same in every copy of it; `blob` is missing where nobody filled it in yet; `key` opens it; `living` says
-- whether the document is shown, the attachment was not removed, and this is what the document calls it. Two devices that
-- brought one in apart call it by two names, of which one stands; the other one stays here, since its bytes may be the
-- only ones that there are. A cache of rows. One that this version can't read any more keeps what it had: its blobs are
-- still somebody's.
CREATE TABLE attachment (
    document BLOB    NOT NULL CHECK (length(document) = 16),
    item     BLOB    NOT NULL CHECK (length(item) = 16),
    space    BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    blob     BLOB    CHECK (length(blob) = 32),
    key      BLOB    NOT NULL CHECK (length(key) = 32),
    living   INTEGER NOT NULL CHECK (living IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX attachment_name ON attachment (document, item, blob);
CREATE INDEX attachment_space ON attachment (space, living);
CREATE INDEX attachment_item ON attachment (item);
CREATE INDEX attachment_blob ON attachment (blob) WHERE blob IS NOT NULL;

-- Sealed blobs, by name; their bytes are in the folder beside this file. `received` of `size` bytes are there.
-- `standing`: some of it is here (0); it is here and the server is to get it (1); it is here and the server has it
-- (2); nobody needs it any more, and the server has let it go (3); its document was deleted, and the server is to
-- let it go (4); it was here alone, and is damaged (5).
CREATE TABLE blob (
    blob     BLOB    NOT NULL PRIMARY KEY CHECK (length(blob) = 32),
    space    BLOB    NOT NULL REFERENCES space (space) DEFERRABLE INITIALLY DEFERRED,
    size     INTEGER NOT NULL CHECK (size >= 0),
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND size),
    standing INTEGER NOT NULL CHECK (standing IN (0, 1, 2, 3, 4, 5))
) STRICT;
CREATE INDEX blob_space ON blob (space, standing);

-- Blobs that were given to the server again after it had lost them: how often, and when last.
CREATE TABLE blob_again (
    blob    BLOB    NOT NULL PRIMARY KEY CHECK (length(blob) = 32),
    times   INTEGER NOT NULL CHECK (times > 0),
    last_ms INTEGER NOT NULL
) STRICT;

-- Rows that went without a trace of theirs staying behind: what was taken back before it left, and
-- what a removed member slipped in. For whoever asks what has changed.
CREATE TABLE removed_item (
    document BLOB    NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    kind     TEXT    NOT NULL,
    changed  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX removed_item_changed ON removed_item (changed);

-- The newest number that `changed` was given anywhere.
CREATE TABLE latest (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO latest (one, number) VALUES (1, 0);

-- Documents of many changes, saved whole so that editing them once more does not begin at the first.
-- A cache of log and outbox.
CREATE TABLE snapshot (
    document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
    bytes    BLOB NOT NULL
) STRICT;

-- What a list of many spaces shows of each, as JSON, and the `changed` of the space that it was made
-- at. A cache of rows and chains.
CREATE TABLE summary (
    space   BLOB    NOT NULL PRIMARY KEY CHECK (length(space) = 32),
    made_at INTEGER NOT NULL,
    body    TEXT    NOT NULL
) STRICT;

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

-- What the person should know. One that was dismissed comes back only with other words.
CREATE TABLE warning (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    code      TEXT    NOT NULL,
    space     BLOB    CHECK (length(space) = 32),
    detail    TEXT    NOT NULL DEFAULT '',
    at_ms     INTEGER NOT NULL,
    dismissed INTEGER NOT NULL DEFAULT 0 CHECK (dismissed IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX warning_key ON warning (code, ifnull(space, x''));
