import { parseSync, Visitor } from 'oxc-parser'

/** A pattern of a source. */
export interface Pattern {
  file: string
  line: number
  /** As it stands in the source. */
  code: string
  /** Left out where the source alone does not tell: it is put together from what comes at run time. */
  pattern?: string
  flags: string
}

/** What of a node of the syntax tree is asked for here. */
interface Part {
  type: string
  start: number
  end: number
  name?: unknown
  value?: unknown
}

/** Every pattern of a source: literals, and `RegExp` of a text that stands there or is put together from constants. */
export function patternsOf(file: string, source: string): Pattern[] {
  const { program, errors } = parseSync(file, source)
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
  const found: Pattern[] = []
  const constants = new Map<string, string>()
  const textOf = ({ type, start, end, name, value }: Part): string | undefined => {
    if (type === 'Literal') return typeof value === 'string' ? value : undefined
    if (type === 'Identifier') return typeof name === 'string' ? constants.get(name) : undefined
    const [, raw] = /^String\.raw`([^`]*)`$/.exec(source.slice(start, end)) ?? []
    const unknown = Array.from((raw ?? '').matchAll(/\$\{(\w+)\}/g)).some(
      ([, own = '']) => !constants.has(own),
    )
    return unknown ? undefined : raw?.replace(/\$\{(\w+)\}/g, (_, own: string) => constants.get(own) ?? '')
  }
  const at = ({ start, end }: Part) => ({
    file,
    line: source.slice(0, start).split('\n').length,
    code: source.slice(start, end),
  })
  const made = (node: Part & { callee: Part; arguments: readonly Part[] }) => {
    if (node.callee.name !== 'RegExp') return
    const [pattern, flags = ''] = node.arguments.map(textOf)
    found.push({ ...at(node), ...(pattern !== undefined && { pattern }), flags })
  }
  new Visitor({
    VariableDeclarator({ id, init }) {
      const text = init ? textOf(init) : undefined
      if (id.type === 'Identifier' && text !== undefined) constants.set(id.name, text)
    },
    Literal(node) {
      if (!('regex' in node) || !node.regex) return
      const { pattern, flags } = node.regex
      found.push({ ...at(node), pattern, flags })
    },
    NewExpression: made,
    CallExpression: made,
  }).visit(program)
  return found
}
