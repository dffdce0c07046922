import { say } from './language.ts'
import { ROOT } from './root.ts'

const PAUSE_MS = 120

interface Suggestion {
  name: string
  about: string
  address: string
}

/** Shows matching enterprises while somebody types: a combobox with a list, as the ARIA practices describe it. */
export function suggestWhileTyping(input: HTMLInputElement): void {
  const { form } = input
  const { suggest: source, suggestFill } = input.dataset
  if (!form || source === undefined) return
  const list = document.createElement('ul')
  list.id = `${input.id}-suggestions`
  list.className = 'suggestions'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', say('匹配的企业', 'matching enterprises'))
  list.hidden = true
  // Among other fields the list hangs below its own.
  const place = suggestFill === undefined ? form : (input.closest<HTMLElement>('.field') ?? form)
  place.append(list)
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-controls', list.id)
  input.setAttribute('aria-expanded', 'false')

  let shown: Suggestion[] = []
  let chosen = -1
  let asked = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  const code = suggestFill ? form.querySelector<HTMLInputElement>(`#${CSS.escape(suggestFill)}`) : null
  // A code that came with a name does not stay with another.
  const takeCodeBack = () => {
    if (code && input.dataset.chosen !== undefined && code.value === input.dataset.chosen) code.value = ''
    delete input.dataset.chosen
  }
  const stopAsking = () => {
    clearTimeout(timer)
    asked.abort()
  }
  const close = () => {
    // An answer that is on its way would open the list again.
    stopAsking()
    shown = []
    choose(-1)
    list.hidden = true
    list.replaceChildren()
    input.setAttribute('aria-expanded', 'false')
  }
  const choose = (at: number) => {
    chosen = at
    for (const [i, item] of Array.from(list.children).entries())
      item.setAttribute('aria-selected', String(i === at))
    if (at < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${list.id}-${at}`)
  }
  const show = (suggestions: Suggestion[]) => {
    shown = suggestions
    list.replaceChildren(
      ...suggestions.map(({ name, about }, i) => {
        const item = document.createElement('li')
        item.id = `${list.id}-${i}`
        item.setAttribute('role', 'option')
        item.append(name)
        if (about !== '') {
          const small = document.createElement('span')
          small.className = 'hint'
          small.textContent = about
          item.append(' ', small)
        }
        item.addEventListener('mousedown', (event) => {
          event.preventDefault()
          open(i)
        })
        return item
      }),
    )
    choose(-1)
    list.hidden = suggestions.length === 0
    input.setAttribute('aria-expanded', String(suggestions.length > 0))
  }
  const open = (at: number) => {
    const suggestion = shown[at]
    if (!suggestion) return
    if (suggestFill !== undefined) {
      input.value = suggestion.name
      if (code) {
        code.value = new URL(suggestion.address).pathname.split('/').at(-1) ?? ''
        input.dataset.chosen = code.value
      }
      return close()
    }
    const { pathname } = new URL(suggestion.address)
    const go = input.dataset.suggestGo
    if (go !== undefined) return location.assign(`${go}${pathname.split('/').at(-1) ?? ''}`)
    const within = input.dataset.suggestTo ?? (document.documentElement.lang === 'en' ? `${ROOT}/en` : ROOT)
    location.assign(`${within}${pathname.slice(ROOT.length)}`)
  }
  const ask = async () => {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    const text = input.value.trim()
    if (text === '') return close()
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(text)}`, { signal })
      if (!answer.ok) return close()
      const [, names, abouts, addresses]: [string, string[], string[], string[]] = await answer.json()
      if (signal.aborted || document.activeElement !== input) return
      show(names.map((name, i) => ({ name, about: abouts[i] ?? '', address: addresses[i] ?? '' })))
    } catch {
      // Without an answer the form still works.
    }
  }

  input.addEventListener('input', (event) => {
    takeCodeBack()
    clearTimeout(timer)
    // Half-typed pinyin of an input method is no query yet.
    if (event instanceof InputEvent && event.isComposing) return
    timer = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener('compositionend', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener('blur', close)
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || shown.length === 0) return
    // Whoever moves in the list keeps it: an answer that is on its way would take the choice from under their finger.
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') stopAsking()
    if (event.key === 'ArrowDown') choose((chosen + 1) % shown.length)
    else if (event.key === 'ArrowUp') choose(chosen <= 0 ? shown.length - 1 : chosen - 1)
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && chosen >= 0) open(chosen)
    else return
    event.preventDefault()
  })
}
