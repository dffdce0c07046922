// Stands in the build for what starts each thread while developing: there is no loader to begin with.
const { workerData } = require('node:worker_threads')

require('../../program.js').run(`${workerData.thread}-thread`)
