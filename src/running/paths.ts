import { join } from 'node:path'

/** Paths of the files that a node keeps under its data directory. */
export function pathsIn(dataDir: string) {
  return {
    register: join(dataDir, 'register.db'),
    views: join(dataDir, 'views.db'),
    search: join(dataDir, 'search.db'),
    searchTable: join(dataDir, 'search.table'),
    imports: join(dataDir, 'imports'),
    bulk: join(dataDir, 'bulk'),
    jobs: join(dataDir, 'imports.db'),
    /** Lists of batch checks that have not been read yet. */
    lists: join(dataDir, 'checking'),
    drafts: join(dataDir, 'drafts.db'),
    accesses: join(dataDir, 'access.db'),
    following: join(dataDir, 'following.db'),
    stampKey: join(dataDir, 'stamp.key'),
    stampKeys: join(dataDir, 'stamp-keys.json'),
    sessionKey: join(dataDir, 'session.key'),
    sessions: join(dataDir, 'sessions.db'),
    personKey: join(dataDir, 'person.key'),
    personCheck: join(dataDir, 'person.check'),
    /** Room kept aside for a start on a full disk. */
    reserve: join(dataDir, 'reserve'),
    breached: join(dataDir, 'breached-passwords.txt'),
    /** What a restore that was decided brings, until it is finished. */
    restoring: join(dataDir, 'restoring'),
  }
}

/** A moment as it stands in the name of what was put aside then: no colons or dots, so that every system takes it. */
function inName(moment: Date): string {
  return moment.toISOString().replace(/[:.]/g, '-')
}

/** Name under which a broken file is kept; one form for all. */
export function brokenName(path: string, at: Date): string {
  return `${path}.broken-${inName(at)}`
}

/** Name of the folder in which a restore keeps what was there before. */
export function keptName(at: Date): string {
  return `before-restore-${inName(at)}`
}

const FILES = [...Object.values(pathsIn('')), 'register.anchor'].map((name) => name.replaceAll('.', '\\.'))
const OWN = new RegExp(
  `^((${FILES.join('|')})(-wal|-shm|-journal|\\.suspect|\\.new(-wal|-shm|-journal)?|\\.former|\\.broken-[\\dTZ-]+(-wal)?)?|before-restore-[\\dTZ-]+)$`,
)

/** Whether this program gives a name to what it puts into a data directory; nothing else there is touched. */
export function isOwnName(name: string): boolean {
  return OWN.test(name)
}

/** Where everything of a data directory lies. */
export type Paths = ReturnType<typeof pathsIn>
