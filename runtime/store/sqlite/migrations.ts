/** The schema's history: entry N takes a database from version N to N + 1. Entries are never edited, only added. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE function (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE version (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    revision_id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name, version),
    FOREIGN KEY (account_id, region, name) REFERENCES function ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE url_config (
    url_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (account_id, region, name, qualifier),
    FOREIGN KEY (account_id, region, name) REFERENCES function ON DELETE CASCADE
  ) STRICT;
  `,
  `
  ALTER TABLE function ADD COLUMN last_published INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE alias (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    revision_id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name, alias),
    FOREIGN KEY (account_id, region, name) REFERENCES function ON DELETE CASCADE
  ) STRICT;
  `,
  `
  CREATE TABLE provisioned_concurrency (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name, qualifier),
    FOREIGN KEY (account_id, region, name) REFERENCES function ON DELETE CASCADE
  ) STRICT;
  `,
  `
  CREATE TABLE attachment (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name, qualifier, kind),
    FOREIGN KEY (account_id, region, name) REFERENCES function ON DELETE CASCADE
  ) STRICT;

  INSERT INTO attachment
    SELECT account_id, region, name, qualifier, 'provisioned',
      json_object('kind', 'provisioned', 'requested', record -> 'requested', 'modifiedAt', record -> 'modifiedAt')
    FROM provisioned_concurrency;

  DROP TABLE provisioned_concurrency;

  CREATE TABLE resource (
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, account_id, region, id)
  ) STRICT;
  `,
  `
  CREATE TABLE kv_namespace (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL DEFAULT 0,
    last_version INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, region, name)
  ) STRICT;

  CREATE TABLE kv_entry (
    namespace INTEGER NOT NULL REFERENCES kv_namespace,
    key BLOB NOT NULL,
    version INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (namespace, key)
  ) STRICT;
  `,
  `
  CREATE TABLE async_event (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    qualifier TEXT,
    request_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    throttles INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    event BLOB NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE cipher_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wrapped TEXT NOT NULL,
    scrub INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    group_id TEXT,
    receives INTEGER NOT NULL,
    first_received_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    origin TEXT,
    content TEXT NOT NULL
  ) STRICT;

  CREATE INDEX message_by_queue ON message (queue, id, bytes);

  CREATE TABLE message_sent_before (
    queue TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    id INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (queue, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE message_last_id (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
  ) STRICT;

  INSERT INTO message_last_id SELECT 1, coalesce(max(id), 0) FROM message;
  `,
  `
  CREATE TABLE bucket (
    name TEXT PRIMARY KEY,
    settings TEXT NOT NULL
  ) STRICT;

  CREATE TABLE object (
    bucket TEXT NOT NULL,
    key BLOB NOT NULL,
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    line TEXT NOT NULL,
    in_order INTEGER NOT NULL,
    size INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT;

  CREATE TABLE outbox_mark (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE usage (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    throttles INTEGER NOT NULL,
    billed_ms INTEGER NOT NULL,
    gb_seconds REAL NOT NULL,
    fuel REAL NOT NULL,
    PRIMARY KEY (account_id, region, day, name)
  ) STRICT, WITHOUT ROWID;
  `,
];
