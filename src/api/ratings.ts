import { z } from 'zod'
import type { App } from '../http/app.ts'
import type { Registry } from '../registry/registry.ts'
import { officerAsking } from './authentication.ts'
import { chapter } from './described.ts'
import { API } from './enterprises.ts'
import * as schemas from './schemas.ts'

const { open } = chapter('评价')

/** Issued ratings: one with its explanation, computed again, revoked. */
export function ratingRoutes(app: App, registry: Registry): void {
  const rating = schemas.ratingAnswer.extend({ orgCode: z.string() })

  app.get(
    `${API}/ratings/:id`,
    open(
      'getRating',
      '一次等级评定：等级、各项得分、所依据的记录和限制条款',
      { 200: rating },
      { params: schemas.byId, refused: [404] },
    ),
    async (request) => {
      const { key, rating } = registry.ratings.publicRating(request.params.id)
      return { orgCode: key, ...rating }
    },
  )

  app.get(
    `${API}/ratings/:id/recomputation`,
    open(
      'recomputeRating',
      '按登记簿当时的内容重算一次等级评定，看是否相符',
      {
        200: z.object({
          agrees: z.boolean().nullable().meta({ description: '无法重算时为 null，reason 为原因' }),
          orgCode: z.string(),
          position: z.int(),
          on: schemas.day,
          issued: z.object({ grade: z.string().nullable(), points: z.number() }),
          recomputed: schemas
            .open({ grade: z.string().nullable(), points: z.number() }, '各项，同评定')
            .optional(),
          differences: z.array(z.string()),
          reason: z.string().optional(),
          standard: schemas.open({}, '所依据的标准').optional(),
        }),
      },
      { params: schemas.byId, refused: [404] },
    ),
    async (request) => {
      const audience = officerAsking(request) === undefined ? 'public' : 'officers'
      const { key, rating, recomputation } = await registry.ratings.recomputed(request.params.id, audience)
      const { grade, points, position, on, standard, adjusted } = rating
      const head = {
        orgCode: key,
        standard,
        on,
        position,
        issued: { grade: adjusted ? adjusted.from : grade, points },
      }
      if (recomputation.agrees === null)
        return { ...head, agrees: null, differences: [], reason: recomputation.reason }
      // What the rating rests on may not be public: the public learns the outcome, officers the whole.
      const { recomputed } = recomputation
      return {
        ...head,
        agrees: recomputation.agrees,
        recomputed:
          audience === 'officers'
            ? { ...recomputed }
            : { grade: recomputed.grade, points: recomputed.points },
        differences: recomputation.agrees ? [] : recomputation.differences,
      }
    },
  )
}
