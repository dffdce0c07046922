import t from 'tap'
import { staffedBureau } from '../acts/everybody.ts'
import { unifiedCode } from '../support.ts'

/** Lists of accounts, keys and uploads call an authority what it is called today, with its former name. */

t.test(
  'an authority that was renamed, and one that was merged, are shown by the name of today',
  async (t) => {
    const { registry, send, visitors, ids } = await staffedBureau(t)
    const author = { authority: '系统管理', officer: '命令行' }
    const visitor = (who: '县录' | '县管' | '省管') => {
      const { visitor: own } = visitors.get(who) ?? {}
      if (!own) throw new Error(who)
      return own
    }
    const table = `企业名称,统一社会信用代码,区划\n示例二公司,${unifiedCode('EACH0002')},130102\n`
    await visitor('县录').upload('/desk/imports', '/desk/imports', { type: 'enterprise' }, 'a.csv', table)
    const named = async (list: 'officers' | 'keys') => {
      const { items } = (await send('省管', 'GET', `/${list}?limit=1000`)).json()
      const pairs = items.map(({ authority, formerAuthority }: Record<string, unknown>) =>
        [authority, formerAuthority].filter(Boolean).join('←'),
      )
      return Array.from(new Set(pairs)).sort()
    }
    const before = ['唐山市局', '桥西区局', '石家庄市局', '省局', '长安区局'].sort()
    t.same([await named('officers'), await named('keys')], [before, before])

    await registry.acts.carryOut(
      'rename-authority',
      { id: ids.get('县') ?? '' },
      { name: '长安区市监局' },
      author,
    )
    const into = { into: ids.get('市') ?? '', takesOver: true }
    await registry.acts.carryOut('merge-authority', { id: ids.get('邻') ?? '' }, into, author)
    const after = [
      ...['唐山市局', '石家庄市局', '省局'],
      ...['石家庄市局←桥西区局', '长安区市监局←长安区局'],
    ].sort()
    t.same([await named('officers'), await named('keys')], [after, after])

    for (const page of ['/desk/officers', '/desk/keys']) {
      const { body } = await visitor('省管').get(page)
      for (const words of ['长安区市监局（原长安区局）', '石家庄市局（原桥西区局）', '>省局<'])
        t.match(body, words, `${page} ${words}`)
      t.notMatch(body, />(?:长安区局|桥西区局)</, page)
    }
    t.match((await visitor('县管').get('/desk/system')).body, '长安区市监局（原长安区局）')
    t.match((await visitor('省管').get('/desk/officers/person-0')).body, '，长安区市监局（原长安区局），')
    t.match((await visitor('县录').get('/desk')).body, '（长安区市监局，录入）', 'the head of the desk')
    const lines = registry.acts.standing('officer/person-0')
    t.equal(lines.find(({ label }) => label === '机关')?.before, '长安区市监局（原长安区局）')
  },
)
