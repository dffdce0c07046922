import { load } from '../running/loading.ts'

/** Starts the command line. */
await load(() => import('./main.ts'))
