/** Path under which the site is reached, empty where it is a host of its own: this script lies in its `assets/`. */
export const ROOT = new URL('..', import.meta.url).pathname.replace(/\/$/, '')
