/** Thrown for what stands at another address: for good (308), or as things are now (302). */
export class MovedTo extends Error {
  override readonly name = 'MovedTo'
  constructor(
    readonly address: string,
    readonly status: 302 | 308 = 308,
  ) {
    super(`moved to ${address}`)
  }
}
