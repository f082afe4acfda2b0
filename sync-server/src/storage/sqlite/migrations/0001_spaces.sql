-- Ciphertext, public keys, numbers and sizes: nothing here can be read as a record.
-- Nothing here says either which spaces belong to one person: a space's row is drawn at random, what
-- belongs to a space stands under its row, no table is in the order in which things came, and no time
-- is kept, but the day of a blob that is still arriving and the days of a space that was ended. The rows of a space's statements and changes are `space << 24 | number`, which also saves an
-- index. Large rows stand in rowid tables of their own: WITHOUT ROWID measured three times the bytes per
-- change, and a few bytes more in the row let one change less fit on a page. Small ones do without a
-- rowid, which saves each of them an index.

CREATE TABLE life (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
    restored_at_ms INTEGER
) STRICT;

CREATE TABLE clinics (
    row INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
    label TEXT NOT NULL DEFAULT '',
    max_spaces INTEGER NOT NULL DEFAULT 0,
    max_bytes INTEGER NOT NULL DEFAULT 0,
    used_spaces INTEGER NOT NULL DEFAULT 0,
    used_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE spaces (
    row INTEGER PRIMARY KEY CHECK (row > 0 AND row < 0x800000),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    clinic INTEGER NOT NULL REFERENCES clinics (row),
    max_bytes INTEGER NOT NULL DEFAULT 0,
    used_bytes INTEGER NOT NULL DEFAULT 0,
    chain_length INTEGER NOT NULL DEFAULT 0,
    chain_head BLOB NOT NULL CHECK (length(chain_head) = 32),
    -- 0 from a restore until an admin said that this is the chain.
    vouched INTEGER NOT NULL DEFAULT 1,
    -- The counter that numbers the log; updated in the transaction that appends.
    number INTEGER NOT NULL DEFAULT 0,
    -- Blobs that were found damaged or missing, and let go of.
    blobs_lost INTEGER NOT NULL DEFAULT 0,
    -- The day since 1970 on which it was ended, and the one from which on it is forgotten; 0 while it goes on.
    ended_on INTEGER NOT NULL DEFAULT 0,
    -- -1 once it was forgotten and only rows are left to go; its id is no space's then.
    forget_on INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX ended_spaces ON spaces (forget_on) WHERE forget_on != 0;

-- Spaces that were ended and forgotten: nobody founds one of them again.
CREATE TABLE forgotten (
    id BLOB PRIMARY KEY CHECK (length(id) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    clinic INTEGER NOT NULL REFERENCES clinics (row),
    serial BLOB NOT NULL CHECK (length(serial) = 16),
    -- NULL once that space was forgotten: the grant founds no other one.
    space INTEGER REFERENCES spaces (row),
    PRIMARY KEY (clinic, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
    -- space << 24 | sequence
    row INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Who is present or pending; derived from the chain, in the transaction that extends it.
CREATE TABLE members (
    member BLOB NOT NULL CHECK (length(member) = 32),
    space INTEGER NOT NULL REFERENCES spaces (row),
    PRIMARY KEY (member, space)
) STRICT, WITHOUT ROWID;

-- Where each author's own contiguous history stands: the newest count, and the hash of all that its author
-- said up to it. Authors go by their place in the order of admission.
CREATE TABLE authors (
    space INTEGER NOT NULL REFERENCES spaces (row),
    author INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    history BLOB NOT NULL CHECK (length(history) = 32),
    PRIMARY KEY (space, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    -- space << 24 | number
    row INTEGER PRIMARY KEY,
    -- Whole, or bare once the body was dropped.
    bytes BLOB NOT NULL
) STRICT;

-- Each change by its two names, both of which are its author's: its id, and its count as eight bytes,
-- big-endian. In one table, since a commit writes each b-tree that it touches.
CREATE TABLE names (
    space INTEGER NOT NULL REFERENCES spaces (row),
    author INTEGER NOT NULL,
    name BLOB NOT NULL CHECK (length(name) IN (8, 16)),
    number INTEGER NOT NULL,
    -- Of a count: whether the body is gone, so that nobody reads the change to find that out.
    bare INTEGER NOT NULL DEFAULT 0 CHECK (bare IN (0, 1)),
    PRIMARY KEY (space, author, name)
) STRICT, WITHOUT ROWID;

-- Bodies that were dropped before the change itself was given back after a restore: of that very change,
-- whatever else its author may say under the same count.
CREATE TABLE drops (
    space INTEGER NOT NULL REFERENCES spaces (row),
    author INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    history BLOB NOT NULL CHECK (length(history) = 32),
    PRIMARY KEY (space, author, counter, history)
) STRICT, WITHOUT ROWID;

-- Blobs, whose bytes stand in files beside this one. A row is written once what it says is on the disk.
CREATE TABLE blobs (
    space INTEGER NOT NULL REFERENCES spaces (row),
    blob BLOB NOT NULL CHECK (length(blob) = 32),
    -- Charged to the space and its clinic.
    size INTEGER NOT NULL CHECK (size > 0),
    -- As many as the whole once that was held to its name, and not before.
    received INTEGER NOT NULL CHECK (received BETWEEN 1 AND size),
    -- Who gave the first part: whose side may delete it.
    giver BLOB NOT NULL CHECK (length(giver) = 32),
    -- The day since 1970 on which it last grew; 0 once it is whole.
    grew_on INTEGER NOT NULL,
    PRIMARY KEY (space, blob)
) STRICT, WITHOUT ROWID;

CREATE INDEX arriving_blobs ON blobs (grew_on) WHERE received < size;
