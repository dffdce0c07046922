import type { App } from '../src/http/app.ts'

/** A route as the server knows it. */
export interface Route {
  /** Its address with `:name` where a parameter stands. */
  path: string
  methods: string[]
}

/** Every route that a server answers, from its own table, so that none can be forgotten. */
export function routesOf(app: App): Route[] {
  const within: string[] = []
  const routes: Route[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (indent === undefined || part === undefined) continue
    const depth = indent.length / 4
    within.splice(depth)
    within[depth] = part
    const path = within.join('').replace(/^\/+/, '/')
    if (methods !== undefined) routes.push({ path, methods: methods.split(', ') })
  }
  return routes
}
