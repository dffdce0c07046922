/**
 * What is promised of the program among whatever surrounds it, and what shows each: an environment, a fault, or a test by its
 * file and title.
 */
export const promises: Readonly<Record<string, readonly string[]>> = {
  // What ends the program, or opens it.
  'a node that is begun anew on a disk that an import has filled lets the public read, and goes on when there is room':
    ['environment a disk that an import has filled'],
  'with a full disk whoever may see more gets 503 in words, readiness says so, the public goes on reading': [
    'environment full disk',
    'test/cli/faults.test.ts a full disk',
  ],
  'where the log of accesses can not be written nothing is shown unlogged, and the public does not wait for it':
    ['environment locked access log'],
  'a thread that can not begin, or dies, takes only its own work with it, and begins anew': [
    'environment a part of the program that is missing',
    'environment more connections than handles',
    'fault threads',
  ],
  'fewer connections are taken than the process has handles': ['environment more connections than handles'],
  'what is kept for all holds nothing of one asker’s; links are by the setting alone': [
    'environment no address of its own, and forged headers',
    'environment behind a proxy, with forged headers',
    'environment nginx with TLS, a sub-path and a cache',
  ],
  'the address is required in production; below a path all links, redirects and feeds are right': [
    'environment behind a proxy, with forged headers',
    'environment nginx with TLS, a sub-path and a cache',
    'test/config.test.ts in production, behind a proxy or not, the address of the site must be said',
    'test/http/address.test.ts cookies are bound to where the site is reached, and to TLS where it is reached by it',
  ],
  'the address that counts is what the nearest trusted proxy saw; this machine is exempt only without one': [
    'environment behind a proxy, with forged headers',
    'environment no address of its own, and forged headers',
    'test/http/address.test.ts the address that counts is the one that the nearest trusted proxy saw',
    'test/http/visitor.test.ts neither ports nor inventions make another visitor, for limits and for the sign-in',
  ],
  'nothing is run from where another account may write; a read-only release works': [
    'environment a read-only release of another user, and no folder for temporary files',
  ],
  'a file that a person names is written under a new name of this user alone, through no link, and nowhere else':
    [
      'test/cli/named-files.test.ts what is written goes through no link, to a file that is there or not',
      'test/cli/named-files.test.ts nothing is written into the data directory, by no way that leads there, nor under a name of ours',
      'test/cli/named-files.test.ts whatever stood there, what is written is this user’s alone',
      'test/cli/named-files.test.ts another user’s file is not ours to replace, nor their folder one for a backup',
    ],
  'no link, and no folder that others may write into, leads the register to where another user may put what they like':
    [
      'test/running/others.test.ts no link leads the register to where another user may put what they like',
      'test/running/others.test.ts no link or folder on the way leads the register to where another user may have it',
      'test/running/others.test.ts a folder that others may write into is no empty one, and one that was is closed',
    ],
  'nobody is told to take a folder without a register, or to work as its owner': [
    'test/running/others.test.ts nobody is told to take a folder without a register, or to work as its owner',
  ],
  'no signal ends it without a word, or opens a debugger to every account': [
    'environment signals that mean nothing',
  ],
  // What misleads.
  'folders are 0700, files 0600, narrowed and said at the start': ['environment usual umask'],
  'files that the user of the program can not use end the start with the names, and no advice to run as root':
    [
      "environment another user's files",
      'test/running/place.test.ts a folder in the place of a file, or a file in that of a folder, is said as what it is',
      'test/running/start.test.ts what its user may not do',
    ],
  'only init and a first start make a register; all else refuses an empty place': [
    'environment mistyped folder',
    'test/running/place.test.ts commands make no register of an empty file, init and a start do',
  ],
  'exit codes are as the handbook says, lists come as JSON, whoever stops reading is not complained to': [
    'environment careless use of the command line',
    'test/cli/faults.test.ts what is printed into nothing is told, what nobody reads is quiet',
    'test/cli/usage.test.ts what does not fit is said in words, does nothing and ends with 2',
  ],
  'a setting that is not in the list is said, and nothing is made': [
    'environment mistyped settings',
    'test/config.test.ts a setting that is not in the list of what it may be is said, with its value',
  ],
  'invented firms enter only a folder that nothing real is in, or where they are asked for': [
    'test/config.test.ts the demo set goes where nothing real is, or where it is asked for',
    'test/node.test.ts a newcomer finds the demo set, production an empty register',
  ],
  'a restore that is ended by force has changed nothing, or is finished by whoever comes next, and says what is lost':
    [
      'test/running/restoring.test.ts a restore that is killed while it prepares has changed nothing',
      'test/running/restoring.test.ts a restore that was decided is finished from wherever it was ended',
    ],
  'a disk that is not mounted opens no empty register, and doctor tells of a service whose data are elsewhere':
    [
      'test/node.test.ts a newcomer finds the demo set, production an empty register',
      'test/cli/doctor.test.ts doctor asks the service of the settings, wherever its data are, and knows a copy from its origin',
    ],
  'what clears temporary folders takes nothing away that a node needs, and a process that was killed leaves nothing there':
    [
      'test/running/workers.test.ts several processes answer as one does',
      'test/checking/lists.test.ts lists of processes that have ended are taken away, those of others stay',
    ],
  'a disk that takes no more files is called what it is': [
    'test/running/room.test.ts a disk that takes no more files is told from one without room',
  ],
  'a clock from before the program was is doubted': [
    'test/running/clock.test.ts a clock from before the program was is doubted until it is set right, and nobody can accept it',
  ],
  'connections beyond the limit are counted and told of': [
    'test/running/connections.test.ts connections beyond the limit are counted, and told of once a minute',
  ],
  'a slow upload does not hold up the end, a second signal ends at once, SIGHUP as SIGTERM': [
    'environment slow and odd requests',
    'environment a second signal',
    'environment usual umask',
  ],
  'the unit file is one that systemd takes, and shuts the service in': ['environment unit file'],
  'an import that a full disk stopped goes on by itself': [
    'fault full-disk',
    'test/exchange/jobs.test.ts a full disk keeps an import waiting, and it goes on when there is room',
  ],
  'slow bodies, odd encodings, conditions and versions of HTTP are answered as the standard says, in words': [
    'environment slow and odd requests',
    'test/http/broken-requests.test.ts what never becomes a request is answered in words, slow bodies within a bound',
    'test/http/broken-requests.test.ts a request names one host, in HTTP/1.1, or in 1.0, where it may name none',
    'test/http/broken-requests.test.ts a body that says it is too large is refused before any of it is read, and not waited for',
  ],
  'a packed table is not taken for a table': [
    'environment careless use of the command line',
    'test/sheets/sheets.test.ts what is no table is called what it is',
  ],
  'logs of databases are bounded, and told': [
    'test/running/bounds.test.ts a log that readers have let grow is cut off once they are out of the way, and is told of',
    'test/running/upkeep.test.ts pages that nothing fills any more are given back, and logs are cut off',
  ],
  'installing, going up and back, backup, drill and restore are as the handbook has them': [
    'environment the handbook, to the letter',
    'environment releases beside each other',
  ],
  'PostgreSQL is set up and left as the handbook has it': ['environment the handbook, with PostgreSQL'],
  'doctor says what is amiss with a place, and what to do': [
    'environment doctor',
    'environment read-only disk, and keys that were open to all',
    'environment nginx with TLS, a sub-path and a cache',
  ],
  'zones, locale and home of the machine change nothing': ['environment other zones, no locale, no home'],
  // The register.
  'a lost end is found, named, and nothing is written over': [
    'fault lost-log',
    'test/register/chain.test.ts a register that lost its end is refused, with what is missing and what to do',
  ],
  'whoever follows a lost end or another epoch is told to begin anew': [
    'fault backup-restore',
    'test/api/api.test.ts who is ahead of the register, or follows another epoch of it, begins anew',
  ],
  'views that know more than the register are a finding': [
    'test/views/stamp.test.ts views that know more than the register, or another one, are a finding and not computed over',
  ],
  'what was tampered with is named by its position': [
    'fault forged-rows',
    'test/register/verify.test.ts a payload with both digests made to fit is named',
    'test/register/verify.test.ts a payload that is gone without an erasure, and one that should be gone, are named',
  ],
  'old registers are carried over, and older programs append no more': [
    'fault old-register',
    'test/register/chain.test.ts a register from before the chain is carried over as it is, and an older program can append no more',
  ],
  'verification writes nothing and covers the index': [
    'test/running/leaving-nothing.test.ts who looks at a folder of a stopped node leaves it as it was, to the byte',
    'test/running/leaving-nothing.test.ts of a killed node, the logs stay as they were',
    'test/register/verify.test.ts a register of a former version, carried over, is in order; looking changes nothing',
    'test/register/verify.test.ts views and index that do not fit the register are named',
  ],
  'a wrong clock stops what it would poison, and waits for a person': [
    'fault wrong-clock',
    'test/running/clock.test.ts after a long gap nothing is recorded until a person has looked at the clock',
    'test/running/clock.test.ts a register whose last entry lies in the future says so',
  ],
  'an erased text lingers in no file': [
    'test/running/erasure.test.ts an erased text lingers in no file of the data directory, through a rebuild either',
  ],
  'whatever was ever written is read, and what is unknown stops nothing else': [
    'test/register/history.test.ts every fold reads every entry that was ever written, and its payload erased',
    'test/register/history.test.ts what another version wrote is kept and shown as such, and stops nothing',
  ],
  'views of other rules are computed anew by themselves': [
    'test/views/stamp.test.ts a stamp changes with a rule and with a kind of record',
    'test/views/stamp.test.ts views that other rules made are computed anew at the next start, and said to be',
  ],
  // Views, jobs and threads.
  'a rebuild beside a server hides nothing, two take turns': ['fault rebuild-beside'],
  'two processes do nothing twice': ['fault two-processes'],
  'what was acknowledged outlives every kill': [
    'fault kills',
    'test/node.test.ts killed under load, it has all it acknowledged, once, and its views agree',
  ],
  'an import that was killed is counted once, and taken back whole': [
    'test/exchange/jobs.test.ts killed between a durable batch and its saving, an import counts once and can be taken back whole',
    'test/running/killed.test.ts an import whose process was killed goes on with the next one at once',
  ],
  'no work waits without somebody who will do it': [
    'test/exchange/jobs.test.ts an upload that comes just as the queue empties is not left waiting',
  ],
  'what is broken and can be computed again is set aside by name, and never answers wrongly': [
    'fault broken-files',
    'fault spoilt-files',
    'test/views/stamp.test.ts what is broken and can be computed again is set aside and named',
  ],
  'readiness reads, searches and writes': ['test/running/bounds.test.ts readiness is found out by doing'],
  'a workbook of any claim is read within bounds, and one that ends its thread is not tried for ever': [
    'test/exchange/jobs.test.ts an upload that ends its process each time is not tried for ever',
    'test/sheets/sheets.test.ts formatted nothing to the end of the sheet is no row, and a cell far out spoils its row only',
  ],
  'an end is bounded, whoever hangs on': [
    'fault half-open',
    'test/running/ending.test.ts a process ends with its code, and by force where the system holds one of its threads',
    'test/running/bounds.test.ts a server closes at once on whoever has asked for nothing whole, and lets the rest finish',
  ],
  'what lies outside is asked with a bound': [
    'test/running/bounds.test.ts whatever lies outside is asked with a bound, and told as it was last known',
    'test/running/bounds.test.ts an append does not wait for an index that hangs',
  ],
  'every start that fails says why': [
    'fault port-in-use',
    'test/running/system-faults.test.ts whatever the system refuses is said in words, of the file that it refuses',
    'test/running/start.test.ts where it can not keep its data it says why',
  ],
  'a backup that says that it can be restored is restored': [
    'fault backup-restore',
    'test/running/backup.test.ts a backup that was made while the registry ran opens elsewhere as it was',
  ],
  'a lease of who has ended, of this start of the machine or an earlier one, is taken over at once': [
    'test/register/holder.test.ts by its name one tells whether a process has ended',
  ],
  'a key in the place of another is found, though it is one': [
    'test/running/keys.test.ts another register’s person.key is no key of this one',
  ],
  'nodes on one database lose nothing and do nothing twice': ['fault nodes', 'fault failover'],
  // Doors.
  'a session that has ended is ended on the server, and no other site signs anybody in': [
    'test/walls/desk.test.ts a session that has ended stays ended for whoever kept its cookie',
    'test/walls/desk.test.ts no other site sends a form, not even the one that signs in',
  ],
  'guesses are counted before they are compared, by account and address': [
    'test/walls/desk.test.ts many guesses at once are no way around, and the owner elsewhere is not kept out',
    'test/walls/desk.test.ts passwords of any script from 8 to 64 characters do, common ones do not',
  ],
  'who looked at what is on record whatever the address says': [
    'test/walls/desk.test.ts what was looked at is on record whatever the address says, refused forms included',
  ],
  'two officers on one record lose nothing of each other’s, and a form sent twice acts once': [
    'test/desk/desk.test.ts a form sent twice acts once; one made from an older state loses nothing',
    'test/api/api.test.ts two officers changing one file',
  ],
  'wrong keys are limited, types are not guessed, figures are for this machine': [
    'test/walls/door.test.ts wrong keys, unknown addresses and pages are counted before anything is done for them',
    'test/walls/answers.test.ts every answer tells browsers to guess no types and to share nothing',
    'test/http/visitor.test.ts figures are for this machine alone, unless the setting says otherwise',
  ],
}
