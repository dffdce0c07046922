/** The scripts of the pages: those of all, and those of the few on which passkeys are made and shown. */
export const browserModules: readonly ['main', 'passkeys']

/** Scripts of pages bundled into one module. The build puts in its place what reads the modules it made. */
export function browserModule(name: (typeof browserModules)[number]): Buffer
