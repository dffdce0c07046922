import { readFile } from 'node:fs/promises'
import { Refusal } from '../dossier/refusal.ts'

/** What a JSON file says. Throws what the system has against reading it, and `Refusal` for one that is no JSON in UTF-8. */
export async function jsonIn(path: string): Promise<unknown> {
  const bytes = await readFile(path)
  try {
    // Editors on Windows put a mark before the text, which is none of it; the decoder takes it away.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('invalid', `${path} 不是有效的 JSON；请检查括号、引号、逗号和编码（UTF-8）。`)
  }
}
