/** Address of a built program, built first where that is missing or not of these sources. */
export function built(program: 'main' | 'cli'): Promise<string>

/** Builds the program into `dist/`. */
export function build(): Promise<void>
