import { load } from './running/loading.ts'

/** Starts a node. */
await load(() => import('./running/start.ts'))
