/** Applied in order; `user_version` counts those that were. Never edit one that was released: add another. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE assets (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE asset_names (name TEXT NOT NULL, asset TEXT NOT NULL, PRIMARY KEY (name, asset)) STRICT, WITHOUT ROWID;
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY, asset TEXT NOT NULL, severity TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incidents_by_asset ON incidents (asset);
  CREATE TABLE incident_aliases (alias TEXT PRIMARY KEY, incident TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE findings (id TEXT PRIMARY KEY, asset TEXT NOT NULL, incident TEXT, body TEXT NOT NULL) STRICT;
  CREATE INDEX findings_by_incident ON findings (incident);
  CREATE TABLE manifests (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  `,
  `
  CREATE TABLE surfaces (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE exposures (id TEXT PRIMARY KEY, asset TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX exposures_by_asset ON exposures (asset);
  `,
  `
  CREATE TABLE plans (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  `,
  `
  CREATE TABLE surface_exposures (
    list TEXT NOT NULL, place INTEGER NOT NULL, exposure TEXT NOT NULL, PRIMARY KEY (list, place)
  ) STRICT, WITHOUT ROWID;
  `,
]
