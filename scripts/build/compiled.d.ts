/** Keeps, in a build, what its programs were compiled to; false where that can't be done. */
export function compile(folder: string): Promise<boolean>
