import { createRequire } from 'node:module'
import { hash, verify } from '@node-rs/argon2'

const SHORTEST = 8
const LONGEST = 200
const FEWEST_DIFFERENT = 5
/** What is guessed first here, wherever it stands in a password. */
const GUESSED = ['password', 'qwerty', 'admin', '123456', 'abcdef', 'hebei', 'zhiliang']

let common: ReadonlySet<string> | undefined

/** The passwords that are tried first everywhere, from what has been stolen elsewhere; unpacked when one is first chosen. */
function commonPasswords(): ReadonlySet<string> {
  if (common) return common
  const unpacked: typeof import('@zxcvbn-ts/language-common') = createRequire(import.meta.url)(
    '@zxcvbn-ts/language-common',
  )
  common = new Set(unpacked.dictionary['passwords-common'])
  return common
}

/** What is wrong with a password that somebody chose, in Chinese; undefined when it will do. */
export function passwordFault(password: string, known: { login: string; name: string }): string | undefined {
  const { length } = Array.from(password)
  if (length < SHORTEST) return `密码至少 ${SHORTEST} 个字符，现为 ${length} 个；可以用几个词连成一句。`
  if (length > LONGEST) return `密码最多 ${LONGEST} 个字符。`
  if (new Set(password).size < FEWEST_DIFFERENT) return `密码至少要有 ${FEWEST_DIFFERENT} 个不同的字符。`
  const folded = password.toLowerCase()
  if (commonPasswords().has(folded)) return '这是最常被猜到的密码之一，请换一个；可以用几个词连成一句。'
  const guessed = [known.login, known.name, ...GUESSED].find(
    (word) => word.length > 1 && folded.includes(word),
  )
  return guessed === undefined ? undefined : `密码中含有容易猜到的“${guessed}”，请换一个。`
}

/** Argon2id hash of a password, with its salt and costs. */
export function hashOf(password: string): Promise<string> {
  return hash(password)
}

// Who asks for an account that does not exist waits as long as for one that does.
let nobody: Promise<string> | undefined

/** Whether a password is the one of a hash; without a hash it takes as long and is not. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  nobody ??= hash('nobody has this password')
  const instead = await nobody
  // As it was typed, never cut: what is too long to be anybody's is not looked at.
  const isPossible = password.length <= LONGEST * 2
  const fits = await verify(hashed ?? instead, isPossible ? password : '')
  return fits && isPossible && hashed !== undefined
}
