const { createHash } = require('node:crypto')
const { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { isMainThread } = require('node:worker_threads')

/**
 * Stands in the build and runs one of its programs. Half of a start is compiling what the program consists of, so what V8 has
 * made of it is kept beside it by the build. It is taken by its digest alone, which covers the program's own text and the very Node
 * too: V8 itself looks at little more than lengths, and takes what another release of the same line has made, which then runs
 * into nothing. Another Node, or one with other flags for V8, compiles, as without it.
 */

const BYTES = 32
const LOOK_MS = 20
const NODE = JSON.stringify([process.versions, process.platform, process.config])

/** Runs a program, or a thread, by its name. One that isn't there whole is said in words, with exit code 2. */
exports.run = (name) => {
  const file = programAt(name)
  const script = scriptOf(name, file)
  if (process.env.KEEP_COMPILED) keepCompiled(script, name)
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
}

/** Loads a library on behalf of a program: code that was kept compiled has lost by whom, and where it is, it would do so itself. */
exports.importing = (library) => import(library)

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

function scriptOf(name, file) {
  try {
    const { text, data } = exports.compiled(name)
    return new Script(wrap(text), {
      filename: file,
      cachedData: data,
    })
  } catch (error) {
    const isIncomplete = error.code === 'ENOENT' || error instanceof SyntaxError
    // Whoever began the thread has the words for it.
    if (!isMainThread)
      throw isIncomplete
        ? Object.assign(new Error(`${file}: ${error.message}`), { code: 'MODULE_NOT_FOUND' })
        : error
    process.stderr.write(
      isIncomplete
        ? `无法启动：程序不完整，或 Node 的版本（${process.versions.node}）太旧（${file}：${error.message}）；请核对 Node 的版本，在程序目录中重新执行 npm ci --omit=dev。\n`
        : `无法启动：读不了程序（${error.message}）；请检查它属于哪个用户、权限是什么（ls -ld），程序目录须能被运行本系统的用户读取。\n`,
    )
    process.exit(2)
  }
}

/**
 * Keeps what is compiled of a program by the time that the file of this name is there, or that it ends. Asked for by the build;
 * where it is set otherwise, nothing that the program does depends on it.
 */
function keepCompiled(script, name) {
  const keep = () => {
    clearInterval(looking)
    process.off('exit', keep)
    try {
      const data = script.createCachedData()
      const part = `${compiledAt(name)}.part`
      writeFileSync(part, Buffer.concat([digest(readFileSync(programAt(name)), data), data]))
      // The program keeps to itself what it writes; this is part of the program, for whoever may run it.
      chmodSync(part, 0o644)
      // The build ends the node as soon as the last is there, which is to be there whole.
      renameSync(part, compiledAt(name))
    } catch {
      // The build sees that it isn't there.
    }
  }
  const looking = setInterval(() => existsSync(process.env.KEEP_COMPILED) && keep(), LOOK_MS)
  looking.unref()
  process.once('exit', keep)
  // A build that was killed leaves no node behind.
  if (isMainThread) process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
}

const programAt = (name) => join(__dirname, 'programs', `${name}.js`)
const compiledAt = (name) => join(__dirname, 'compiled', `${name}.bin`)
const digest = (text, data) => createHash('sha256').update(NODE).update(text).update(data).digest()
