import { catalogue } from '../records/catalogue.ts'
import { serve } from './calls.ts'
import { lookBeside, type Place } from './verify.ts'

export type VerifyingThread = ReturnType<typeof acts>

function acts(place: Place) {
  return {
    look: () => lookBeside(place, catalogue),
    stop: async () => undefined,
  }
}

void serve(async (data: Place) => acts(data))
