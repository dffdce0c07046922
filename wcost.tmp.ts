import { mkdtempSync, rmSync } from 'node:fs'
import { openRegistry } from './src/running/open-registry.ts'
import { licenceOf, penaltyOf, unifiedCode } from './test/support.ts'
const dir = mkdtempSync('/tmp/life/w-')
const f=(e:unknown)=>{throw e}
const o = await openRegistry({ dataDir: dir, now: () => new Date(), onLag: f, onFailure: f })
const { registry } = o
const actor={authority:'省局',officer:'张三'}
let n=0; const pend:any[]=[]
const req=()=>({actor,command:`c${n++}`})
const insp=(i:number)=>({kind:'日常巡查',product:'电线电缆',inspectedOn:`2026-0${1+i%9}-1${i%9}`,authority:'石家庄市市场监督管理局',outcome:'合格',reportNo:`R${i}`})
const sizes=(process.argv[2]??'10,100,300,1500').split(',').map(Number)
for (const [k,size] of sizes.entries()) {
  const uscc=unifiedCode(`WCA0000${k}`); const key=uscc.slice(8,17)
  await registry.acts.open({codes:{uscc},data:{name:`示例${k}公司`,region:'130102'}},req())
  // fill in one append each of 100
  for(let i=0;i<size;i++){
    const kind=i%5===4?'penalty':i%5===3?'licence':'inspection'
    const data=kind==='penalty'?penaltyOf(`罚${k}-${i}`).data:kind==='licence'?licenceOf(`XK${k}-${i}`).data:insp(i)
    const drafts=[{subject:key,kind:'record.added',payload:{id:`r${k}-${i}`,type:kind,data},visibility:'public' as const,author:actor}]
    if(i%100===0||i===size-1||true) pend.push(...drafts)
    if(pend.length>=100||i===size-1){ await o.writer.append({drafts:pend.splice(0),command:`fill${n++}`}) }
  }
  const times:Record<string,number[]>={}
  for(let i=0;i<30;i++){
    for(const [what,act] of [['inspection',()=>registry.acts.addRecord(key,'inspection',insp(i+5000),undefined,req())],['note',()=>registry.acts.perform(registry.acts.named('add-note'),{code:key},{text:'备注'+i},req())],['rename',()=>registry.acts.perform(registry.acts.named('change-file'),{code:key},{enterprise:{address:`裕华路${i}号`},reason:'x'},req())]] as const){
      const a=process.cpuUsage(); await act(); const u=process.cpuUsage(a); (times[what]??=[]).push((u.user+u.system)/1000)
    }
  }
  console.log(size, Object.entries(times).map(([w,v])=>`${w} ${v.sort((a,b)=>a-b)[15]!.toFixed(1)}`).join('  '))
}
await o.close(); rmSync(dir,{recursive:true})
