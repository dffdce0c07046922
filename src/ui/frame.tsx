import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ByteCache } from '../views/byte-cache.ts'

/** Language of a page's frame: headings, labels and sentences of ours. What was registered stays as it was. */
export type Language = 'zh' | 'en'

/** What every page knows of the moment it was made. */
export interface Frame {
  language: Language
  /** Position of the register that the page shows, and the time in China. */
  position: number
  time: string
  /** Whether the registry holds the fictitious demo set. */
  demo: boolean
  /** What is doubtful about the machine's clock, for officers. */
  clockDoubt: string | undefined
  /** Who runs the registry, and how to reach them. */
  operator: string
  contact: string
  stylesheet: string
  script: string
  /** The script that pages with passkeys need beside it. */
  passkeys: string
  /** Origin under which the site is reached. */
  base: string
  /** Path and query of this page in Chinese. */
  path: string
  /** Parts of the pages of this registry that have been made. */
  kept: ByteCache<string>
}

export const FrameContext = createContext<Frame | undefined>(undefined)

export function useFrame(): Frame {
  const frame = useContext(FrameContext)
  if (!frame) throw new Error('a page was rendered without its frame')
  return frame
}

/** A Chinese and an English reading of the same. */
export type Words = readonly [zh: string, en: string]

/** Chooses between the Chinese and the English reading of the frame. */
export type Say = <T>(zh: T, en: T) => T

export function useSay(): Say {
  const { language } = useFrame()
  return (zh, en) => (language === 'en' ? en : zh)
}

/** Path of a page in the language of the frame. */
export function pathIn(language: Language, path: string): string {
  return language === 'en' ? `/en${path === '/' ? '' : path}` : path
}

interface LinkProps {
  to: string
  class?: string
  rel?: string
  current?: boolean
  children: ComponentChildren
}

/** A link to a page of the site, in the same language. */
export function Link({ to, current = false, children, ...rest }: LinkProps) {
  const { language } = useFrame()
  return (
    <a href={pathIn(language, to)} {...rest} {...(current && { 'aria-current': 'page' })}>
      {children}
    </a>
  )
}

/** Words that were registered: Chinese in whatever language the frame is. */
export function Registered({ children }: { children: ComponentChildren }) {
  const { language } = useFrame()
  return <span {...(language === 'en' && { lang: 'zh-CN' })}>{children}</span>
}
