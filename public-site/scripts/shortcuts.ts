/** Keys of the desk: `/` finds, `g q` shows the queue, `n` records, Ctrl+Enter saves. */
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
    } else if (key === 'n') location.assign('/desk/new/inspection')
    else if (key === 'q' && before === 'g') location.assign('/desk')
    before = key
  })
  document.querySelector<HTMLElement>('[aria-invalid], [data-first]')?.focus()
}

/** Keeps what is being typed in a form on this machine until it has been sent, should the page be lost. */
export function keepDrafts(form: HTMLFormElement): void {
  const place = `draft ${location.pathname}${location.search}`
  const fields = () =>
    Array.from(new FormData(form)).filter(([name]) => !['token', 'command', 'revision'].includes(name))
  const kept = sessionStorage.getItem(place)
  const hasFaults = form.querySelector('[aria-invalid]') !== null
  if (kept !== null && !hasFaults) {
    const values: [string, string][] = JSON.parse(kept)
    for (const [name, value] of values) {
      const field = form.elements.namedItem(name)
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value
      else if (field instanceof HTMLSelectElement)
        for (const option of field.options) if (option.value === value) option.selected = true
    }
  }
  form.addEventListener('input', () => sessionStorage.setItem(place, JSON.stringify(fields())))
  // An answer that shows the form again has what was typed; any other means that it was taken.
  form.addEventListener('submit', () => sessionStorage.setItem('sent', place))
}

/** Forgets the draft of a form that was taken. */
export function forgetSent(): void {
  const sent = sessionStorage.getItem('sent')
  if (sent === null || document.querySelector('form[data-save] [aria-invalid], [role="alert"]')) return
  if (document.querySelector('[role="status"]')) {
    sessionStorage.removeItem(sent)
    sessionStorage.removeItem('sent')
  }
}
