import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const ROOT = new URL('../..', import.meta.url).pathname

t.test('the program starts no other program and makes no code of text', async (t) => {
  const files = ['src', 'public-site'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const texts = files
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
  t.ok(texts.length > 400)
  const forbidden = /child_process|\beval\(|new Function\(|\.(inner|outer)HTML\b|node:vm/
  t.same(
    texts.filter(({ text }) => forbidden.test(text)).map(({ file }) => file),
    [],
  )
})
