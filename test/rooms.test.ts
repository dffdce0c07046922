import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const ROOT = new URL('..', import.meta.url).pathname

/** The room that a file stands in, under its name in README.md. */
function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return first === 'src' ? second : first
}

const order = /```\nconfig\.ts → [^`]*```/
  .exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[0]
  .replaceAll('`', '')
  .split('→')
  .map((room) => room.trim())

const imports = ['src', 'public-site']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) =>
    Array.from(readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)).map(
      ([, to = '']) => ({ file, to: normalize(join(dirname(file), to)) }),
    ),
  )

t.test('a room knows only the rooms that README.md names before it', async (t) => {
  t.ok(order && order.length > 20, 'README.md states the order')
  t.ok(imports.length > 1000)
  const places = new Map((order ?? []).map((room, i) => [room, i]))
  const rooms = new Set(imports.flatMap(({ file, to }) => [roomOf(file), roomOf(to)]))
  t.same(
    Array.from(rooms).filter((room) => !places.has(room)),
    [],
    'README.md names every room',
  )
  const upward = imports.filter(
    ({ file, to }) => (places.get(roomOf(file)) ?? 0) < (places.get(roomOf(to)) ?? 0),
  )
  t.same(
    upward.map(({ file, to }) => `${file} knows ${to}`),
    [],
  )
})
