/**
 * How memory is allocated for a node that runs for long, by the service file and the container: its threads share two of the
 * allocator's arenas, which give back what is free. With one arena for each thread, as glibc has it, a node went on growing by
 * memory that nobody used.
 */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const
