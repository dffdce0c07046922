// A worker thread does not inherit the TypeScript loader of the process, so each thread starts here.
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(`./${workerData.thread}-thread.ts`)
