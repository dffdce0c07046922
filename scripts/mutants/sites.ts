import { createHash } from 'node:crypto'
import { type Node, parseSync, type Span, Visitor } from 'oxc-parser'

/** One small mistake that can be planted: a stretch of a file and what stands there instead. */
export interface Mutant {
  file: string
  start: number
  end: number
  replacement: string
  /** Whether what stands there is a statement, not an expression. */
  isStatement: boolean
  /** Whether it moves a boundary: `<` for `<=`, a number by one. */
  boundary: boolean
  line: number
  /**
   * What it is known by: a digest of the statement, method or object of rules around it, comments and white space apart, with
   * where it is in there and what stands there instead. So it outlives that lines move, and not that what it is judged in changes.
   */
  place: string
  /** The names around it, and what stands there. */
  within: string
  from: string
  to: string
}

const SHIFTED: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const TURNED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
}
const OTHER_CALL: ReadonlyMap<string, string> = new Map([
  ['every', 'some'],
  ['some', 'every'],
  ['findLast', 'find'],
  ['min', 'max'],
  ['max', 'min'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
])
/** Calls on a list that can be left out. */
const DROPPED_CALLS = ['filter', 'sort', 'toSorted', 'reverse']

/**
 * The mutants of a source or of rules in JSON:
 *
 * - boundaries: `<` ↔ `<=`, `>` ↔ `>=`; every number one more and one less;
 * - `===` ↔ `!==`, `-` → `+`, `*` ↔ `/`, `true` ↔ `false`, `!x` → `x`, a compared string or `case` → `''`;
 * - one side of `&&`, `||`, `??` left out (who finds both also finds the operators swapped); a ternary always one way;
 * - `if (c)` → `if (true)`, and the whole `if` left out; a call, an assignment, a `throw`, a `continue` left out;
 * - each member of a list left out; `.filter()`, `.sort()` left out; `every` ↔ `some`, `findLast` → `find`, `min` ↔ `max`.
 *
 * Left alone, as equal in what they decide: types and imports; words (texts, messages, the number of characters of a
 * quoted input that a message repeats), keys; `find`, where ids are unique; where a lone statement under an `if` is left out, the `if` is not again.
 */
export function mutantsOf(file: string, source: string): Mutant[] {
  const isJson = file.endsWith('.json')
  const { program, errors, comments } = parseSync(
    isJson ? 'rules.js' : file,
    isJson ? `(${source}\n)` : source,
  )
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
  const shift = isJson ? 1 : 0
  const mutants: Mutant[] = []
  const bare = comments.reduce(
    (text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end),
    source,
  )
  const units: Span[] = isJson ? [] : [...program.body]
  const names: (Span & { name: string })[] = []
  const words: Span[] = []
  const text = ({ start, end }: Span) => source.slice(start - shift, end - shift)

  const placeOf = (at: Span, to: string) => {
    // Whoever is found last is the innermost.
    const unit = units.findLast(({ start, end }) => start <= at.start && at.end <= end) ?? at
    const parts = [
      [unit.start, at.start],
      [at.start, at.end],
      [at.end, unit.end],
    ].map(([from = 0, upTo = 0]) => bare.slice(from - shift, upTo - shift).replace(/\s+/g, ' '))
    return createHash('sha256')
      .update(JSON.stringify([...parts, to]))
      .digest('hex')
      .slice(0, 12)
  }
  const plant = (at: Span, to: string, { boundary = false, isStatement = false } = {}) => {
    const [start, end] = [at.start - shift, at.end - shift]
    const around = names.filter((known) => known.start <= at.start && at.end <= known.end)
    const within = around.map(({ name }) => name).join('.')
    const line = source.slice(0, start).split('\n').length
    const replacement = isJson || isStatement ? to : `(${to})`
    mutants.push({
      file,
      start,
      end,
      replacement,
      isStatement,
      boundary,
      line,
      place: placeOf(at, to),
      within,
      from: tidy(text(at)),
      to: tidy(to),
    })
  }
  const isLeftAlone = ({ start, end }: Span) => words.some((span) => span.start <= start && end <= span.end)
  const dropStatement = (statement: Span) => plant(statement, ';', { isStatement: true })
  const drop = (node: Span, elements: readonly (Span | null)[]) => {
    const members = elements.flatMap((member) => member ?? [])
    for (const member of members)
      plant(
        node,
        `[${members
          .filter((m) => m !== member)
          .map(text)
          .join(', ')}]`,
      )
  }
  const never = (node: Node | null) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') plant(node, `''`)
  }
  const named = (node: Span, name: string) => void names.push({ start: node.start, end: node.end, name })
  // Places within a stretch that says no law are found out of order, so they are sifted at the end.
  new Visitor({
    FunctionDeclaration: (node) => node.id && named(node, node.id.name),
    MethodDefinition: (node) => {
      named(node, text(node.key))
      units.push(node)
    },
    ObjectExpression: (node) => isJson && void units.push(node),
    VariableDeclarator: (node) => node.id.type === 'Identifier' && named(node, node.id.name),
    Property: (node) => {
      named(node, text(node.key))
      // A key is a name, quoted or not, a number too: `{ 0: found }`.
      if (!node.computed && node.key.type === 'Literal') words.push(node.key)
    },
    ImportDeclaration: (node) => void words.push(node),
    TSTypeAnnotation: (node) => void words.push(node),
    TSTypeAliasDeclaration: (node) => void words.push(node),
    TSInterfaceDeclaration: (node) => void words.push(node),
    TSTypeParameterInstantiation: (node) => void words.push(node),
    TemplateLiteral: (node) => void words.push(...node.expressions.filter(isCut)),
    BinaryExpression: (node) => {
      const { left, operator, right } = node
      const other = SHIFTED[operator] ?? TURNED[operator]
      if (!other) return
      const boundary = operator in SHIFTED
      plant(node, `${text(left)} ${other} ${text(right)}`, { boundary })
      if (operator !== '===' && operator !== '!==') return
      never(left)
      never(right)
    },
    SwitchCase: (node) => never(node.test),
    LogicalExpression: (node) => {
      plant(node, text(node.left))
      plant(node, text(node.right))
    },
    ConditionalExpression: (node) => {
      plant(node, text(node.consequent))
      plant(node, text(node.alternate))
    },
    IfStatement: (node) => {
      plant(node.test, 'true')
      if (node.alternate) plant(node.test, 'false')
      else if (['BlockStatement', 'ReturnStatement'].includes(node.consequent.type)) dropStatement(node)
    },
    UnaryExpression: (node) => node.operator === '!' && plant(node, text(node.argument)),
    Literal: (node) => {
      if (typeof node.value === 'boolean') plant(node, String(!node.value))
      if (typeof node.value !== 'number') return
      plant(node, String(node.value + 1), { boundary: true })
      plant(node, String(node.value - 1), { boundary: true })
    },
    ArrayExpression: (node) => drop(node, node.elements),
    ExpressionStatement: (node) => !isJson && dropStatement(node),
    ThrowStatement: dropStatement,
    ContinueStatement: dropStatement,
    CallExpression: (node) => {
      const { callee } = node
      if (callee.type !== 'MemberExpression' || callee.computed) return
      const { object, property } = callee
      const other = OTHER_CALL.get(text(property))
      const rest = source.slice(property.end - shift, node.end - shift)
      const before = source.slice(node.start - shift, property.start - shift)
      if (other) plant(node, `${before}${other}${rest}`)
      if (DROPPED_CALLS.includes(text(property))) plant(node, text(object))
    },
  }).visit(program)

  const kept = (span: Span) => !isLeftAlone({ start: span.start + shift, end: span.end + shift })
  return mutants.filter(kept).filter(({ from, to }) => from !== to)
}

/** The source with one mutant in it. */
export function planted(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end)
}

/**
 * The source with all its mutants in it, each behind `__on(name)`, which says whether it is the one
 * that is tried. So the sources are bundled once, and who comes by a place asks for its mutants.
 */
export function woven(
  source: string,
  mutants: readonly Mutant[],
  nameOf: (mutant: Mutant) => string,
): string {
  const on = (mutant: Mutant) => `__on(${JSON.stringify(nameOf(mutant))})`
  const inOrder = mutants
    // Outermost first; a statement before the expression that it consists of.
    .toSorted((a, b) => a.start - b.start || b.end - a.end || Number(b.isStatement) - Number(a.isStatement))
  let next = 0
  const upTo = (start: number, end: number): string => {
    let done = start
    let result = ''
    for (let one = inOrder[next]; one && one.start < end; one = inOrder[next]) {
      const here = one
      const same: typeof inOrder = []
      for (
        let other = inOrder[next];
        other?.start === here.start && other.end === here.end && other.isStatement === here.isStatement;
        other = inOrder[next]
      ) {
        same.push(other)
        next += 1
      }
      const within = upTo(here.start, here.end)
      result += source.slice(done, here.start)
      result += here.isStatement
        ? `{if(!${on(here)}){${within}}}`
        : `(${same.map((mutant) => `${on(mutant)}?${mutant.replacement}:`).join('')}(${within}))`
      done = here.end
    }
    return result + source.slice(done, end)
  }
  return upTo(0, source.length)
}

/** Whether an expression in a message cuts a quoted input to length. */
function isCut(node: Node): boolean {
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    node.callee.property.type === 'Identifier' &&
    node.callee.property.name === 'slice'
  )
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200)
}
