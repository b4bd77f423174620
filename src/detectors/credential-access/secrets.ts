import { type Command, isInterpreter } from '../model/host/shell.ts'

export interface Secret {
  /** In words: `keys of a cloud account`. */
  readonly what: string
  /** The file or address as named. */
  readonly path: string
  readonly attack: string
}

/** Places of secrets; the first that fits counts. */
const PLACES: readonly (readonly [pattern: RegExp, what: string, attack: string])[] = [
  [
    /(?:^|\/)\.aws\/(?:credentials|config)?$|(?:^|\/)\.(?:boto|s3cfg|passwd-s3fs)$/u,
    'keys of an AWS account',
    'T1552.001',
  ],
  [
    /(?:^|\/)\.config\/gcloud(?:\/|$)|application_default_credentials\.json$/u,
    'keys of a Google Cloud account',
    'T1552.001',
  ],
  [/(?:^|\/)\.azure(?:\/|$)/u, 'keys of an Azure account', 'T1552.001'],
  [
    /(?:^|\/)\.ssh\/(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|[\w.-]{1,64}\.pem|identity)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)\*?$|\/etc\/ssh\/ssh_host_\w{1,16}_key$/u,
    'a private SSH key',
    'T1552.004',
  ],
  [/(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$/u, 'passwords of container registries', 'T1552.001'],
  [
    /(?:^|\/)\.kube\/config$|\/etc\/kubernetes\/(?:admin|kubelet|super-admin)\.conf$|\/var\/run\/secrets\/kubernetes\.io\/serviceaccount|\/etc\/rancher\/k3s\/k3s\.yaml$/u,
    'keys of a Kubernetes cluster',
    'T1552.001',
  ],
  [
    /^\/proc\/(?:\d{1,7}|self|\*|\$\{?\w{1,16}\}?|\[0-9\]\*)\/environ$/u,
    'the environment of other programs',
    'T1552.001',
  ],
  [/^\/etc\/g?shadow-?$/u, 'the passwords of the machine', 'T1003.008'],
  [
    /(?:^|\/)\.(?:git-credentials|netrc|pgpass|my\.cnf|npmrc|pypirc|vault-token)$|(?:^|\/)\.env(?:\.[a-z]{1,16})?$|(?:^|\/)[\w.-]{0,64}\.tfstate$/u,
    'passwords in a file',
    'T1552.001',
  ],
]
const METADATA =
  /^(?:https?:\/\/)?(?:169\.254\.169\.254|169\.254\.170\.2|\[fd00:ec2::254\]|metadata\.google\.internal|100\.100\.100\.200|metadata\.tencentyun\.com|metadata)(?::\d{1,5})?(\/\S{0,256})?$/iu
const ROLE = /credential|token|identity|user-?data|securitykey/iu

export function secretOf(path: string): Secret | null {
  for (const [pattern, what, attack] of PLACES) if (pattern.test(path)) return { what, path, attack }
  return null
}

/** Secrets that a command names; of the metadata service only what gives keys or start scripts. */
export function secretIn(command: Command): Secret[] {
  const { program, words } = command
  if (isInterpreter(program)) return []
  const found: Secret[] = []
  for (const word of words.slice(1, 64)) {
    const path = word.replace(/^@|^file:\/\//u, '').slice(0, 512)
    const secret = secretOf(path)
    if (secret !== null) found.push(secret)
    const asked = METADATA.exec(word.slice(0, 512))?.[1]
    if (asked !== undefined && ROLE.test(asked))
      found.push({ what: 'keys from the metadata service', path: word.slice(0, 256), attack: 'T1552.005' })
  }
  return found
}
