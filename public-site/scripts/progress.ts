const PAUSE_MS = 1000

/** How far some work has come: a count of a total, or the share of the whole. */
interface Progress {
  checked: number
  total: number
  share?: number
  done: boolean
}

/** Follows work that goes on: asks how far it has come, and shows the page anew when it is done. */
export function followProgress(element: HTMLElement): void {
  const address = element.dataset.progress ?? ''
  const bar = element.querySelector('progress')
  const count = element.querySelector('[data-count]')
  const look = async () => {
    try {
      const answer = await fetch(address)
      const { checked, total, share, done }: Progress = await answer.json()
      if (!answer.ok || done) return location.reload()
      if (bar && share !== undefined) bar.value = share
      else if (bar && total > 0) {
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
