/** Whether an error says that a database is none, or is damaged. */
export function isBroken(error: unknown): error is Error & { code: unknown } {
  return (
    error instanceof Error &&
    'code' in error &&
    /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(String(error.code))
  )
}
