import { ROOT } from './root.ts'
import { say } from './say.ts'

/** What scripts add to the desk: keys, drafts kept on this machine, checks while typing. */

/** Keys of the desk: `/` finds, `g q` shows the queue, `n` records, Ctrl+Enter saves, `?` explains. */
export function listenForShortcuts(): void {
  let before = ''
  document.addEventListener('keydown', (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event
    if (key === 'Enter' && (ctrlKey || metaKey)) {
      const form = target instanceof Element ? target.closest('form') : null
      ;(form ?? document.querySelector<HTMLFormElement>('form[data-save]'))?.requestSubmit()
      return
    }
    const isTyping = target instanceof Element && target.closest('input, textarea, select') !== null
    if (isTyping || ctrlKey || metaKey || altKey) return
    if (key === '/') {
      event.preventDefault()
      document.querySelector<HTMLInputElement>('#q')?.focus()
    } else if (key === '?') document.querySelector<HTMLDialogElement>('dialog#keys')?.showModal()
    else if (key === 'n') location.assign(`${ROOT}/desk/new/inspection`)
    else if (key === 'q' && before === 'g') location.assign(`${ROOT}/desk`)
    before = key
  })
  document.querySelector<HTMLElement>('[aria-invalid], [data-first]')?.focus()
}

/** Takes a table from the clipboard with its cells, as pages, Word and spreadsheets give it beside its bare text. */
export function takePastedTables(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-paste-table]'))
    area.addEventListener('paste', (event) => {
      const tables = tablesIn(event.clipboardData?.getData('text/html') ?? '')
      if (tables === '') return
      event.preventDefault()
      area.value = tables
    })
}

/** A tag, in whose quoted attributes others may stand. */
const TAG = /<(?:"[^"]*"|'[^']*'|[^>"'])*>/g
/** What of a table's tags says something: its cells, and where their lines end. */
const SAYING = /^<(\/?)(table|thead|tbody|tfoot|tr|td|th|br|p|div|caption)\b/i

/**
 * The tables of a page without all that only says how they look: what Word and spreadsheets write is mostly that. By its
 * text, as a page that is parsed here may not have styles of its own (CSP).
 */
function tablesIn(html: string): string {
  const [from, to] = [html.search(/<table[\s>]/i), html.toLowerCase().lastIndexOf('</table>')]
  if (from < 0 || to < from) return ''
  return `${html
    .slice(from, to)
    .replace(/<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(TAG, (tag) => {
      const [, end = '', name = ''] = SAYING.exec(tag) ?? []
      if (name === '' || end !== '') return name === '' ? '' : `</${name}>`
      const spans = Array.from(
        tag.matchAll(/\b(colspan|rowspan)\s*=\s*["']?(\d{1,5})/gi),
        ([, span, count]) => ` ${span}=${count}`,
      )
      const isHidden = /display\s*:\s*none|\shidden[\s>=]/i.test(tag)
      return `<${name}${spans.join('')}${isHidden ? ' hidden' : ''}>`
    })}</table>`
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

function fieldsOf(form: HTMLFormElement): Field[] {
  return Array.from(form.elements).filter(
    (element): element is Field =>
      (element instanceof HTMLInputElement && element.type !== 'hidden' && element.type !== 'file') ||
      element instanceof HTMLSelectElement ||
      element instanceof HTMLTextAreaElement,
  )
}

function valuesOf(field: Field): string[] {
  if (field instanceof HTMLSelectElement) return Array.from(field.selectedOptions, ({ value }) => value)
  if (field instanceof HTMLInputElement && field.type === 'checkbox')
    return field.checked ? [field.value] : []
  return [field.value]
}

/** All that was said under a name: of several boxes, those that are ticked. */
function valuesIn(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {}
  for (const field of fieldsOf(form)) values[field.name] = [...(values[field.name] ?? []), ...valuesOf(field)]
  return values
}

/** What bears the label, the hints and the fault of a field: for one of several boxes, what holds them together. */
function holderOf(field: Field): HTMLElement {
  const isBox = field instanceof HTMLInputElement && field.type === 'checkbox'
  return (isBox ? field.closest<HTMLElement>('fieldset[id]') : undefined) ?? field
}

/** Keeps what is being typed in a form on this machine until it has been sent, should the page be lost. */
export function keepDrafts(form: HTMLFormElement): void {
  const place = `draft ${location.pathname}${location.search.replace(/[?&](kept|done)=[^&]*/g, '')} ${form.id}`
  const kept = localStorage.getItem(place)
  const hasFaults = form.querySelector('[aria-invalid], [role="alert"]') !== null
  const isOwn = kept !== null && (JSON.parse(kept) as { who: string }).who === whose()
  if (kept !== null && isOwn && !hasFaults) {
    const { values } = JSON.parse(kept) as { values: Record<string, string[]> }
    for (const field of fieldsOf(form)) {
      const value = values[field.name]
      if (value === undefined) continue
      if (field instanceof HTMLSelectElement)
        for (const option of field.options) option.selected = value.includes(option.value)
      else if (field instanceof HTMLInputElement && field.type === 'checkbox')
        field.checked = value.includes(field.value)
      else field.value = value[0] ?? ''
    }
  }
  form.addEventListener('input', () => {
    localStorage.setItem(place, JSON.stringify({ who: whose(), values: valuesIn(form) }))
  })
  // An answer that shows the form again has what was typed; any other means that it was taken.
  form.addEventListener('submit', () => sessionStorage.setItem('sent', place))
}

/** Whose drafts they are: on a shared machine nobody finds another's. */
function whose(): string {
  return document.body.dataset.desk ?? ''
}

/** Whoever signs out leaves nothing on the machine, and drafts of a session that ended otherwise go with the next. */
export function forgetAllAtSignOut(): void {
  const forget = (isGone: (draft: string) => boolean) => {
    for (const place of Object.keys(localStorage))
      if (place.startsWith('draft ') && isGone(localStorage.getItem(place) ?? ''))
        localStorage.removeItem(place)
  }
  forget((draft) => (JSON.parse(draft) as { who: string }).who !== whose())
  document.querySelector('form.who')?.addEventListener('submit', () => forget(() => true))
}

/** Forgets the draft of a form that was taken. */
export function forgetSent(): void {
  const sent = sessionStorage.getItem('sent')
  if (sent === null || document.querySelector('form[data-save] [aria-invalid], [role="alert"]')) return
  if (document.querySelector('[role="status"]')) {
    localStorage.removeItem(sent)
    sessionStorage.removeItem('sent')
  }
}

const ALIVE_MS = 5000

/** Does not send a form into a dead line: what was typed would be lost with the page. */
export function guardSending(form: HTMLFormElement): void {
  let isAlive = false
  form.addEventListener('submit', (event) => {
    if (isAlive) return
    event.preventDefault()
    fetch(`${ROOT}/healthz`, { signal: AbortSignal.timeout(ALIVE_MS), cache: 'no-store' })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status))
        isAlive = true
        const { submitter } = event
        form.requestSubmit(submitter instanceof HTMLButtonElement ? submitter : undefined)
      })
      .catch(() =>
        say(form, '网络或服务器没有应答，没有提交。填写的内容都在，并已保存在本机；恢复后请再保存一次。'),
      )
  })
}

/** Shows beside each field that was left what the server would say of it. */
export function checkWhileTyping(form: HTMLFormElement): void {
  const address = form.dataset.check
  if (address === undefined) return
  const touched = new Set<string>()
  let asked = new AbortController()
  form.addEventListener('change', async (event) => {
    if (!(event.target instanceof Element)) return
    const name = event.target.getAttribute('name')
    if (name !== null) touched.add(name)
    asked.abort()
    asked = new AbortController()
    const body = new URLSearchParams()
    for (const [field, value] of new FormData(form)) if (typeof value === 'string') body.append(field, value)
    try {
      const answer = await fetch(address, { method: 'POST', body, signal: asked.signal })
      if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) return
      const { faults }: { faults: Record<string, string> } = await answer.json()
      for (const field of fieldsOf(form))
        if (touched.has(field.name)) mark(holderOf(field), faults[field.name])
    } catch {
      // The check comes with the next field, or with sending.
    }
  })
}

function mark(field: HTMLElement, fault: string | undefined): void {
  const id = `${field.id}-fault`
  const shown = document.getElementById(id)
  const described = (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .filter((one) => one && one !== id)
  if (fault === undefined) {
    shown?.remove()
    field.removeAttribute('aria-invalid')
  } else {
    const text = shown ?? document.createElement('p')
    text.id = id
    text.className = 'fault'
    text.textContent = fault
    if (!shown) field.parentElement?.append(text)
    field.setAttribute('aria-invalid', 'true')
    described.push(id)
  }
  if (described.length > 0) field.setAttribute('aria-describedby', described.join(' '))
  else field.removeAttribute('aria-describedby')
}

/** Says under each field that is being changed what stood there before. */
export function showBefore(form: HTMLFormElement): void {
  for (const field of fieldsOf(form)) {
    const holder = holderOf(field)
    const { was } = holder.dataset
    if (was === undefined) continue
    field.addEventListener('change', () => {
      const place = holder.parentElement
      place?.querySelector('.was')?.remove()
      if (valuesIn(form)[field.name]?.join('、') === was) return
      const hint = document.createElement('p')
      hint.className = 'hint was'
      hint.textContent = `原为：${was === '' ? '（空）' : was}`
      place?.append(hint)
    })
  }
}
