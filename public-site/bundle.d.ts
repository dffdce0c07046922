/** The scripts of the pages bundled into one module. The build puts in its place what reads the module it made. */
export function browserModule(): Buffer
