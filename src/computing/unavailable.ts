/** Thrown where work can't be done now, through nobody's fault who asked: it may be asked for again. */
export class WorkUnavailable extends Error {
  override readonly name = 'WorkUnavailable'
}
