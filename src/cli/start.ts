import { load } from '../running/loading.ts'

/** Starts the command line. */
void load(async () => (await import('./main.ts')).obey())
