import { say } from './language.ts'

const SHOWN_MS = 2000

/** Puts a button beside each code that copies it without the gaps it is shown with. */
export function addCopyButtons(root: ParentNode): void {
  if (!('clipboard' in navigator)) return
  for (const code of root.querySelectorAll<HTMLElement>('dd code[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = say('复制', 'copy')
    button.setAttribute('aria-label', say(`复制 ${code.dataset.copy}`, `copy ${code.dataset.copy}`))
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.dataset.copy ?? '')
      button.textContent = say('已复制', 'copied')
      setTimeout(() => {
        button.textContent = say('复制', 'copy')
      }, SHOWN_MS)
    })
    code.after(' ', button)
  }
}
