import { addCopyButtons } from './copy.ts'
import {
  checkWhileTyping,
  forgetAllAtSignOut,
  forgetSent,
  guardSending,
  keepDrafts,
  listenForShortcuts,
  showBefore,
  takePastedTables,
} from './desk.ts'
import { followProgress } from './progress.ts'
import { makeSortable } from './sort.ts'
import { suggestWhileTyping } from './suggest.ts'

/** What scripts add to pages that are complete without them. */

for (const input of document.querySelectorAll<HTMLInputElement>('input[data-suggest]'))
  suggestWhileTyping(input)
addCopyButtons(document)
for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table)
for (const element of document.querySelectorAll<HTMLElement>('[data-progress]')) followProgress(element)
if (document.body.dataset.desk !== undefined) {
  forgetSent()
  forgetAllAtSignOut()
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-save]')) {
    keepDrafts(form)
    checkWhileTyping(form)
    showBefore(form)
    guardSending(form)
  }
  listenForShortcuts()
  takePastedTables()
}
for (const button of document.querySelectorAll<HTMLElement>('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
