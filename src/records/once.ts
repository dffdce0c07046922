/** What depends on an object that nobody changes, computed once for it. */
export function once<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { value: V }>()
  return (of) => {
    const last = known.get(of)
    if (last) return last.value
    const value = compute(of)
    known.set(of, { value })
    return value
  }
}
