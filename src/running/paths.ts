import { join } from 'node:path'

/** Paths of the files that a node keeps under its data directory. */
export function pathsIn(dataDir: string) {
  return {
    register: join(dataDir, 'register.db'),
    views: join(dataDir, 'views.db'),
    search: join(dataDir, 'search.db'),
    imports: join(dataDir, 'imports'),
    drafts: join(dataDir, 'drafts.db'),
    accesses: join(dataDir, 'access.db'),
    following: join(dataDir, 'following.db'),
    stampKey: join(dataDir, 'stamp.key'),
    stampKeys: join(dataDir, 'stamp-keys.json'),
    sessionKey: join(dataDir, 'session.key'),
    sessions: join(dataDir, 'sessions.db'),
    personKey: join(dataDir, 'person.key'),
  }
}
