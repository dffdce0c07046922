import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Officer } from '../../authority/officers.ts'

/** Who asks for a page, with what the page shows of them and its forms carry. */
export interface Asking {
  officer: Officer
  /** What their authority is called now. */
  authority: string
  token: string
}

/** Nobody before they have signed in. */
export const AskingContext = createContext<Asking | undefined>(undefined)

export function useAsking(): Asking | undefined {
  return useContext(AskingContext)
}
