import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { askedAddress } from './asked-address.ts'

/** An address as the page reads it that answers there. */
export interface AddressRead {
  /** The path with the parameters that the page declares, in one form however they were written. */
  url: string
  parameters: URLSearchParams
  /** Names of other parameters that came; most pages have no eye for them. */
  others: string[]
  /** Whether all that the page is made from is in `url`: false where it reads others too (a loose schema) and some came. */
  isWhole: boolean
}

/** What of a request's address its page is made from: its path, and the parameters that its schema names. */
export function addressRead({ url, params, routeOptions }: FastifyRequest): AddressRead {
  const { parameters: given } = askedAddress(url)
  const schema = routeOptions.schema?.querystring
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const parameters = new URLSearchParams()
  for (const name of names) for (const value of given.getAll(name)) parameters.append(name, value)
  const others = Array.from(new Set(given.keys())).filter((name) => !names.includes(name))
  const isLoose = schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodUnknown
  const path = pathOf(routeOptions.url ?? url, new Map(Object.entries(params ?? {})))
  return {
    url: parameters.size === 0 ? path : `${path}?${parameters}`,
    parameters,
    others,
    isWhole: !isLoose || others.length === 0,
  }
}

function pathOf(pattern: string, params: ReadonlyMap<string, unknown>): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => {
    const value = params.get(name)
    return typeof value === 'string' ? encodeURIComponent(value) : ''
  })
}
