// Stands in the build for what starts each thread while developing: there is no loader to begin with.
import { workerData } from 'node:worker_threads'

await import(`../../${workerData.thread}-thread.js`)
