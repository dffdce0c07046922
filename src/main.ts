import { load } from './running/loading.ts'

/** Starts a node. */
void load(async () => (await import('./running/start.ts')).begin())
