import type { Input } from '../../inputs/input.ts'
import { tellDecision, tellProblem } from '../reading.ts'
import type { Batch, Source, SourceEnv } from '../source.ts'
import { headText, wholeText } from '../whole-text.ts'
import { documentsOf } from './documents.ts'
import { resourcesIn } from './objects.ts'

const BATCH = 512

/** Objects of a cluster, as `kubectl get … -o json|yaml` prints them, or as manifests hold them. */
export const kubernetesObjects: Source = {
  id: 'kubernetes-objects',
  title: 'Kubernetes objects (kubectl get -o json or yaml, manifests)',
  kinds: ['resource'],
  hint: 'kubectl get nodes,pods,services,ingresses,deployments,daemonsets,statefulsets,roles,rolebindings,clusterroles,clusterrolebindings -A -o json > kubernetes.json',
  recognise,
  firstTime: () => null,
  read: (inputs, env): AsyncIterable<Batch> => readAll(inputs, env),
}

/** `apiVersion` and `kind` of the same object; what audit logs and configuration files of clients have too is left to those. */
function recognise(head: Uint8Array): number {
  const text = headText(head)
  const isJson = /^\s*[{[]/u.test(text)
  const version = isJson
    ? /"apiVersion"\s*:\s*"([^"]{1,200})"/u.exec(text)
    : /^(?:- )?\s{0,8}apiVersion:\s*["']?([^\s"']{1,200})/mu.exec(text)
  const kind = isJson
    ? /"kind"\s*:\s*"([A-Za-z]{1,100})"/u.exec(text)
    : /^(?:- )?\s{0,8}kind:\s*["']?([A-Za-z]{1,100})/mu.exec(text)
  if (version === null || kind === null) return 0
  if (/^(?:audit\.k8s\.io|client\.authentication|kubelet\.config|kubeadm)/u.test(version[1] ?? '')) return 0
  if (kind[1] === 'Config' || kind[1] === 'EventList') return 0
  return 0.8
}

async function* readAll(inputs: readonly Input[], env: SourceEnv): AsyncGenerator<Batch, void, undefined> {
  const timeOf = (input: Input): number => Math.min(input.modifiedAt ?? env.now, env.now)
  for (const input of inputs.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const report = env.reportOf(input)
    const time = timeOf(input)
    report.format = 'kubernetes-objects'
    tellDecision(report, input.modifiedAt === null ? 'time: when it was read' : "time: the file's date")
    const text = await wholeText(input, report)
    let events: Batch['events'][number][] = []
    for (const document of documentsOf(text)) {
      if (document.problem !== null) {
        report.records++
        report.bad++
        tellProblem(report, `document at line ${document.line}: ${document.problem}`)
        continue
      }
      for (const found of resourcesIn(document, { file: input.name, time })) {
        report.records++
        if (found === null) report.bad++
        else events.push(found)
        if (events.length < BATCH) continue
        yield { events, watermark: time }
        events = []
      }
    }
    yield { events, watermark: time }
  }
  yield { events: [], watermark: Infinity }
}
