/** Says something at the top of a form. */
export function say(form: HTMLFormElement, text: string): void {
  form.querySelector('[data-said]')?.remove()
  const said = document.createElement('p')
  said.className = 'fault'
  said.setAttribute('role', 'alert')
  said.dataset.said = ''
  said.textContent = text
  form.prepend(said)
  said.scrollIntoView({ block: 'nearest' })
}
