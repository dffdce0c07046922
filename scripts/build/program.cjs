const { createHash } = require('node:crypto')
const { chmodSync, existsSync, readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname, join } = require('node:path')
const { Script, constants } = require('node:vm')

/**
 * Stands in the build and runs one of its programs. Half of a start is compiling what the program consists of, so what V8 has
 * made of it is kept beside it by the build. It is taken by its digest alone, which covers the program's own text and the very Node
 * too: V8 itself looks at little more than lengths, and takes what another release of the same line has made, which then runs
 * into nothing. Another Node, or one with other flags for V8, compiles, as without it.
 */

const BYTES = 32
const NODE = JSON.stringify([process.versions, process.platform, process.config])

/** Runs a program, or a thread, by its name. */
exports.run = (name) => {
  const file = programAt(name)
  const { text, data } = exports.compiled(name)
  const script = new Script(wrap(text), {
    filename: file,
    cachedData: data,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  if (process.env.KEEP_COMPILED) keepCompiled(script, name)
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
}

/** The text of a program, and what was compiled of it; undefined where there is nothing of this text. */
exports.compiled = (name) => {
  const text = readFileSync(programAt(name))
  let kept = Buffer.alloc(0)
  try {
    kept = readFileSync(compiledAt(name))
  } catch {
    // It is compiled anew, as at any start without.
  }
  const data = kept.subarray(BYTES)
  const isOfText = kept.subarray(0, BYTES).equals(digest(text, data))
  return { text: text.toString(), data: isOfText ? data : undefined }
}

/** Keeps what is compiled of a program by the time that the file of this name is there, or that it ends. */
function keepCompiled(script, name) {
  const keep = () => {
    clearInterval(looking)
    process.off('exit', keep)
    const data = script.createCachedData()
    writeFileSync(compiledAt(name), Buffer.concat([digest(readFileSync(programAt(name)), data), data]))
    // The program keeps to itself what it writes; this is part of the program, for whoever may run it.
    chmodSync(compiledAt(name), 0o644)
  }
  const looking = setInterval(() => existsSync(process.env.KEEP_COMPILED) && keep(), 20)
  looking.unref()
  process.once('exit', keep)
}

const programAt = (name) => join(__dirname, 'programs', `${name}.js`)
const compiledAt = (name) => join(__dirname, 'compiled', `${name}.bin`)
const digest = (text, data) => createHash('sha256').update(NODE).update(text).update(data).digest()
