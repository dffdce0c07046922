import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { attacks, requirements } from '../../scripts/walls/walls.ts'

/** Requirements of ASVS 5.0.0 of levels 1 and 2 in each chapter. */
const CHAPTERS = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7]

const root = new URL('../../', import.meta.url)
const texts = new Map<string, string>()
function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(new URL(file, root), 'utf8')
  texts.set(file, text)
  return text
}

t.test('every requirement has one answer', async (t) => {
  const all = requirements.flatMap(({ of }) => of)
  t.same(
    all.filter((id, i) => all.indexOf(id) !== i),
    [],
    'one each',
  )
  t.same(
    CHAPTERS.map((_, i) => all.filter((id) => id.startsWith(`${i + 1}.`)).length),
    CHAPTERS,
  )
})

t.test('what is named is there: files, and tests by their titles', async (t) => {
  for (const answer of requirements) {
    if ('where' in answer)
      for (const file of answer.where) t.ok(existsSync(new URL(file, root)), `${answer.of[0]}: ${file}`)
  }
  const tests = [
    ...requirements.flatMap((answer) => ('tests' in answer ? answer.tests : [])),
    ...attacks.flatMap(({ tests }) => tests),
  ]
  for (const { file, title } of tests) t.ok(read(file).includes(`'${title}'`), `${file}: ${title}`)
})
