import { awsCli } from './aws-cli.ts'
import type { Emitter } from './emitter.ts'
import { kubernetes } from './kubernetes.ts'
import { nft } from './nft.ts'
import { sshd } from './sshd.ts'
import { systemd } from './systemd.ts'
import { terraform } from './terraform.ts'

export const ALL_EMITTERS: readonly Emitter[] = [awsCli, terraform, nft, sshd, systemd, kubernetes]
