const PAUSE_MS = 1000

/** Follows work that goes on: asks how far it has come, and shows the page anew when it is done. */
export function followProgress(element: HTMLElement): void {
  const address = element.dataset.progress ?? ''
  const bar = element.querySelector('progress')
  const count = element.querySelector('[data-count]')
  const look = async () => {
    try {
      const answer = await fetch(address)
      const { checked, total, done }: { checked: number; total: number; done: boolean } = await answer.json()
      if (!answer.ok || done) return location.reload()
      if (bar && total > 0) {
        bar.max = total
        bar.value = checked
      }
      if (count) count.textContent = checked.toLocaleString('en-US')
    } catch {
      // The next look may get through.
    }
    setTimeout(look, PAUSE_MS)
  }
  setTimeout(look, PAUSE_MS)
}
