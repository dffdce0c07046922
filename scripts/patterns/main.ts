import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from 'recheck'
import { z } from 'zod'
import { type Pattern, patternsOf } from './patterns.ts'

/**
 * Looks through every pattern of the program for one that somebody's text can hold up (ReDoS): with nested or adjacent
 * repeats it takes quadratic time or worse. What is accepted stands in `accepted.json` with the reason; a verdict is
 * remembered by the pattern's text, so that only new ones take time.
 */

const ROOT = new URL('../..', import.meta.url).pathname
const CACHE = join(ROOT, '.tap/patterns.json')
const LONGEST_MS = 30_000

const accepted = z
  .array(z.strictObject({ file: z.string(), code: z.string(), reason: z.string().min(1) }))
  .parse(JSON.parse(readFileSync(new URL('accepted.json', import.meta.url), 'utf8')))

const verdict = z.enum(['safe', 'vulnerable', 'unknown'])
const known = new Map(Object.entries(remembered()))

function remembered(): Record<string, z.output<typeof verdict>> {
  try {
    return z.record(z.string(), verdict).parse(JSON.parse(readFileSync(CACHE, 'utf8')))
  } catch {
    return {}
  }
}

async function verdictOn(pattern: string, flags: string): Promise<z.output<typeof verdict>> {
  const key = `/${pattern}/${flags}`
  const found = known.get(key) ?? (await check(pattern, flags, { timeout: LONGEST_MS })).status
  known.set(key, found)
  return found
}

const patterns = ['src', 'public-site']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => /\.tsx?$/.test(file))
  .sort()
  .flatMap((file) => patternsOf(file, readFileSync(join(ROOT, file), 'utf8')))

const isAccepted = ({ file, code }: Pattern) => accepted.some((own) => own.file === file && own.code === code)
const faults: string[] = []
for (const own of patterns) {
  const found = own.pattern === undefined ? 'made' : await verdictOn(own.pattern, own.flags)
  if (found === 'safe' || isAccepted(own)) continue
  const why = {
    vulnerable: 'a long text holds it up',
    unknown: 'nobody could tell whether a long text holds it up',
    made: 'it is put together at run time',
  }[found]
  faults.push(`${own.file}:${own.line} ${own.code.slice(0, 120)}\n  ${why}`)
}
for (const { file, code } of accepted)
  if (!patterns.some((own) => own.file === file && own.code === code))
    faults.push(`${file}: ${code.slice(0, 120)}\n  accepted, and not there any more`)
mkdirSync(join(ROOT, '.tap'), { recursive: true })
writeFileSync(CACHE, JSON.stringify(Object.fromEntries(known)))
if (faults.length > 0) {
  console.error(faults.join('\n'))
  console.error('Cut lengths first or write it without adjacent repeats; else say why in accepted.json.')
  process.exitCode = 1
}
