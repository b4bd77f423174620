import { defineHostDetector } from '../model/host/host-detector.ts'
import { isWorldWritable } from '../model/host/places.ts'

const MAX_DECOY_BYTES = 8
/** Where miners that are often met keep their program: whoever wants to keep them out takes the place first. */
const FAMILY_PATH =
  /^\/(?:tmp|var\/tmp|dev\/shm|etc|root|usr\/bin|usr\/local\/bin)\/(?:\.?kdevtmpfsi\w*|\.?kinsing\w*|redis2|xmrig\w*|\.?xmr|zzz(?:\.sh)?|zzh|newinit(?:\.sh)?|newdat\.sh|svc(?:guard|host|work|update)\w*|php(?:update|guard)|networkmanager|sysguard|sysupdate|update\.sh|config\.json|watch(?:dogs?|bog)|ddg\w*|wnTKYg|khugepageds|kthrotlds|kworkerds|dbused|pwnrig|bashirc|rsyslo|moneroocean\w*|c3pool\w*|secure\.sh|auth\.sh|ntpd?\.sh|javax?\w*)$|^\/usr\/lib\/systemd\/systemd-update-daily$/u

/**
 * An empty file that nobody can change or remove, where a miner would put its program: somebody keeps rivals out, and
 * had root to do it. The one sign of a fight that stays when it is over.
 */
export const decoyFile = defineHostDetector<object>({
  id: 'decoy-file',
  title: 'Locked decoys that keep rival miners out',
  attack: ['T1222.002', 'T1496.001'],
  kinds: ['resource'],
  remember: () => ({}),
  look(_state, event, see) {
    if (event.kind !== 'resource' || event.provider !== 'host' || event.resourceType !== 'file') return
    const { path, sizeBytes, isImmutable } = event.attributes
    if (typeof path !== 'string' || isImmutable !== true) return
    if (typeof sizeBytes !== 'number' || sizeBytes > MAX_DECOY_BYTES) return
    const isFamily = FAMILY_PATH.test(path)
    if (!isFamily && !isWorldWritable(path)) return
    see({
      what: 'decoy',
      title: isFamily
        ? `${path} is a locked decoy: a rival miner that keeps its program there cannot come back`
        : `${path} is nearly empty, and locked so that nobody can change it`,
      severity: isFamily ? 'high' : 'medium',
      confidence: isFamily ? 0.8 : 0.55,
      stage: 'takeover',
      attack: ['T1222.002'],
      path,
      remote: null,
    })
  },
  mergeMemory() {},
})
