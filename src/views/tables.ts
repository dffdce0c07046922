/** Records that lists look for by whose they are: the condition of their indexes. */
export const OWNED = "type IN ('penalty', 'inspection')"

/**
 * The tables of one generation of the views. Each begins with the column that its rows are kept by: `keyColumns` names it.
 */
export function generationTables(id: number): string {
  return `
    CREATE TABLE file_${id} (
      key TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      position INTEGER NOT NULL,
      public_position INTEGER NOT NULL,
      face_changes_on TEXT,
      -- Day on which the public face was cut.
      cut_on TEXT NOT NULL,
      -- What lists and the search need of the public face; null for a withdrawn file.
      outline TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX file_${id}_public_position ON file_${id} (public_position);
    CREATE INDEX file_${id}_withdrawn ON file_${id} (key) WHERE outline IS NULL;
    CREATE INDEX file_${id}_face_changes_on ON file_${id} (face_changes_on) WHERE face_changes_on IS NOT NULL;
    -- A file as it stood at a position, whole, and the entries that have come since: so a write into a file costs what it
    -- changes. A small one is written anew with each entry. With its public face goes what answers about that rest on
    -- (\`PublicGround\`), null for a withdrawn file.
    CREATE TABLE snapshot_${id} (
      key TEXT PRIMARY KEY, position INTEGER NOT NULL, dossier TEXT NOT NULL, face TEXT, ground TEXT
    ) STRICT;
    CREATE TABLE tail_${id} (
      key TEXT NOT NULL, position INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (key, position)
    ) STRICT, WITHOUT ROWID;
    -- Records that stand, with their data, for questions across enterprises.
    CREATE TABLE record_${id} (
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      dated TEXT NOT NULL,
      region TEXT NOT NULL,
      public_from TEXT,
      public_until TEXT,
      data TEXT NOT NULL,
      -- Whether it counts for the file that it stands in: a sample may be another's failing.
      counted INTEGER NOT NULL,
      owner TEXT NOT NULL,
      PRIMARY KEY (key, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX record_${id}_type_dated ON record_${id} (type, dated);
    CREATE INDEX record_${id}_type_key ON record_${id} (type, key, region);
    -- What is looked for by whose it is.
    CREATE INDEX record_${id}_owner ON record_${id} (owner) WHERE ${OWNED};
    CREATE INDEX record_${id}_owned ON record_${id} (type, key, region, owner) WHERE ${OWNED};
    -- Grades in force, and where to find every rating.
    CREATE TABLE grade_${id} (
      key TEXT NOT NULL,
      standard TEXT NOT NULL,
      grade TEXT,
      region TEXT NOT NULL,
      industry TEXT NOT NULL,
      PRIMARY KEY (key, standard)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rating_${id} (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      campaign TEXT,
      standard TEXT NOT NULL,
      on_day TEXT NOT NULL,
      grade TEXT,
      region TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX rating_${id}_campaign ON rating_${id} (campaign, key) WHERE campaign IS NOT NULL;
    -- Listings in force with what the public sees of them, every case, and every clock that runs.
    CREATE TABLE listing_${id} (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      region TEXT NOT NULL,
      ground TEXT NOT NULL,
      product TEXT NOT NULL,
      authority TEXT NOT NULL,
      from_day TEXT NOT NULL,
      until_day TEXT NOT NULL,
      published_on TEXT NOT NULL,
      -- Of the entry that published it: the order in which the list is read.
      position INTEGER NOT NULL,
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX listing_${id}_position ON listing_${id} (position);
    CREATE INDEX listing_${id}_key ON listing_${id} (key);
    CREATE TABLE case_${id} (
      id TEXT PRIMARY KEY, key TEXT NOT NULL, status TEXT NOT NULL, region TEXT NOT NULL, authority TEXT NOT NULL,
      -- Day on which it left the list.
      ended_on TEXT, owner TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX case_${id}_key ON case_${id} (key);
    CREATE INDEX case_${id}_owner ON case_${id} (owner);
    CREATE TABLE deadline_${id} (
      key TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL, what TEXT NOT NULL,
      authority TEXT NOT NULL, due_on TEXT NOT NULL, done_on TEXT, until_on TEXT, json TEXT NOT NULL,
      owner TEXT NOT NULL, PRIMARY KEY (key, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX deadline_${id}_owner ON deadline_${id} (owner);
    CREATE INDEX deadline_${id}_due ON deadline_${id} (due_on, key, id);
    -- Acts that wait for a second person, and those that did.
    CREATE TABLE proposal_${id} (
      id TEXT PRIMARY KEY, key TEXT NOT NULL, status TEXT NOT NULL, region TEXT NOT NULL, act TEXT NOT NULL,
      -- Account that proposed; the import that it came with; whose the thing is, and who else has to say so.
      by TEXT NOT NULL, import TEXT NOT NULL, owner TEXT NOT NULL, named TEXT NOT NULL, json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX proposal_${id}_status ON proposal_${id} (status, id);
    CREATE INDEX proposal_${id}_import ON proposal_${id} (import, id) WHERE import <> '';
    CREATE INDEX proposal_${id}_owner ON proposal_${id} (owner);
    CREATE INDEX proposal_${id}_named ON proposal_${id} (named);
    CREATE INDEX proposal_${id}_key ON proposal_${id} (key);
    -- What had been on the list and was erased since: its id, and the day on which it left.
    CREATE TABLE erased_${id} (
      id TEXT PRIMARY KEY, key TEXT NOT NULL, ended_on TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX erased_${id}_key ON erased_${id} (key);
    -- What the platform may see of each file, thing by thing, and each change of it in the order of the register.
    CREATE TABLE thing_${id} (
      key TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (key, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE event_${id} (
      position INTEGER NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
      what TEXT NOT NULL, at TEXT NOT NULL, before TEXT, after TEXT,
      PRIMARY KEY (position, n)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX event_${id}_key ON event_${id} (key, id, position);
    -- Everything that is no file: keys, standards, campaigns.
    CREATE TABLE subject_${id} (subject TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Entries that could not be applied: set aside by position, for a person to look at.
    CREATE TABLE aside_${id} (
      position INTEGER PRIMARY KEY, subject TEXT NOT NULL, kind TEXT NOT NULL, fault TEXT NOT NULL
    ) STRICT;
  `
}

/** The tables of a generation, each with the column that its rows are kept by. */
export const keyColumns = {
  file: 'key',
  snapshot: 'key',
  tail: 'key',
  record: 'key',
  grade: 'key',
  rating: 'id',
  listing: 'id',
  case: 'id',
  deadline: 'key',
  proposal: 'id',
  erased: 'id',
  thing: 'key',
  event: 'position',
  subject: 'subject',
  aside: 'position',
} as const
