import { catalogue } from '../records/catalogue.ts'
import { serve } from './calls.ts'
import { lookAt, type Place, type Share } from './verify.ts'

export type VerifyingThread = ReturnType<typeof acts>

function acts(place: Place) {
  return {
    look: (share: Share) => lookAt(place, catalogue, share),
    stop: async () => undefined,
  }
}

void serve(async (data: Place) => acts(data))
